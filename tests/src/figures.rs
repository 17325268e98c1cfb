//! Arithmetic of measured values, and how they are written.

use std::time::Duration;

/// The value in the middle.
#[must_use]
pub fn median<T: Ord + Copy + Default>(values: &[T]) -> T {
    let mut values = values.to_vec();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The exponent `e` of `time ~ size^e`: least squares on the logarithms.
#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
#[must_use]
pub fn exponent(points: &[(usize, Duration)]) -> f64 {
    let logs: Vec<(f64, f64)> =
        points.iter().map(|(size, time)| ((*size as f64).ln(), time.as_secs_f64().ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / logs.len() as f64;
    let (mean_x, mean_y) = (mean(|(x, _)| *x), mean(|(_, y)| *y));
    let slope = |(x, y): &(f64, f64)| (x - mean_x) * (y - mean_y);
    let spread = |(x, _): &(f64, f64)| (x - mean_x) * (x - mean_x);
    logs.iter().map(slope).sum::<f64>() / logs.iter().map(spread).sum::<f64>()
}

/// A time in milliseconds, two digits behind the point.
#[must_use]
pub fn milliseconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}

/// `1000` as `1,000`.
#[must_use]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let places = digits.char_indices().map(|(at, digit)| {
        let is_gap = 0 < at && (digits.len() - at).is_multiple_of(3);
        if is_gap { format!(",{digit}") } else { digit.to_string() }
    });
    places.collect()
}

/// Values of growing sizes: one if they are all alike.
#[must_use]
pub fn alike(values: &[String]) -> String {
    match values {
        [first, rest @ ..] if rest.iter().all(|value| value == first) => first.clone(),
        _ => values.join(" → "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponent_of_a_power_is_found() {
        let time = |size: u32, power: f64| Duration::from_secs_f64(f64::from(size).powf(power));
        let points = |power| [10_u32, 100, 1000].map(|size| (size as usize, time(size, power)));
        for power in [0.0, 1.0, 1.5] {
            assert!((exponent(&points(power)) - power).abs() < 1e-6, "{power}");
        }
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(100_000), "100,000");
        assert_eq!(alike(&["1".to_owned(), "1".to_owned()]), "1");
        assert_eq!(alike(&["1".to_owned(), "2".to_owned()]), "1 → 2");
        assert_eq!(median(&[3, 1, 2]), 2);
    }
}
