//! What the trail tells of a change.

use serde_json::{Value, json};

/// The fields of what is `told` of a thing that changed, each as it was and as it is.
pub(crate) fn difference<T>(before: &T, after: &T, told: fn(&T) -> Value) -> Value {
    let (before, after) = (told(before), told(after));
    let fields = before.as_object().into_iter().flatten();
    let changed = fields.filter_map(|(name, was)| {
        let is = after.get(name).filter(|is| *is != was)?;
        Some((name.clone(), json!([was, is])))
    });
    changed.collect()
}
