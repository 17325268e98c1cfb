//! One act, rehearsed with every one of its AWS calls failing in turn.

use crate::client::Reply;
use crate::faults::{Fault, Faults, Reach, list, operations};

/// AWS calls of one act at the most.
const CALLS_MAX: usize = 60;

/// How a call fails: before it happens, after, and after with the service saying that it did not,
/// once and in every try of the SDK's.
const WAYS: [(Fault, Reach); 5] = [
    (Fault::Unsent, Reach::EveryTry),
    (Fault::Throttled, Reach::EveryTry),
    (Fault::ReplyLost, Reach::EveryTry),
    (Fault::UnavailableThoughDone, Reach::EveryTry),
    (Fault::UnavailableThoughDone, Reach::FirstTry),
];

/// Runs `act` on what `prepare` made: once undisturbed, then with its n-th AWS call failing, for
/// every n and in every way, each on something new. Each time it is repeated with nothing
/// failing, as somebody does who got no answer, and `judge` looks at what both came to.
///
/// `act` must send the same `Idempotency-Key` for the same thing.
pub async fn rehearse<P>(
    faults: &Faults,
    prepare: impl AsyncFn() -> P,
    act: impl AsyncFn(&P) -> Reply,
    judge: impl AsyncFn(&P, &Reply),
) {
    let thing = prepare().await;
    faults.count();
    let undisturbed = act(&thing).await;
    let calls = faults.disarm();
    assert!(is_success(&undisturbed), "undisturbed: {}", undisturbed.text);
    let repeated = act(&thing).await;
    assert_eq!(repeated.status, undisturbed.status, "repeated: {}", repeated.text);
    judge(&thing, &repeated).await;

    for (fault, reach) in WAYS {
        for place in 0..CALLS_MAX {
            let thing = prepare().await;
            faults.fail(place, fault, reach);
            let first = act(&thing).await;
            let met = faults.disarm();
            if operations(&met) <= place {
                assert!(operations(&calls) <= place + 1, "the act got shorter: {}", list(&met));
                break;
            }
            let way = format!("{fault:?} to {reach:?} of call {place}:\n{}", list(&met));
            assert_ne!(first.status, 500, "{way}{}", first.text);
            let second = act(&thing).await;
            assert_eq!(second.status, undisturbed.status, "repeated after {way}{}", second.text);
            if is_success(&first) {
                assert_eq!(first.status, second.status, "{way}");
            }
            // A panic of the judge's should say when.
            eprintln!("judging after {way}");
            judge(&thing, &second).await;
        }
    }
}

fn is_success(reply: &Reply) -> bool {
    (200..300).contains(&reply.status)
}
