//! What is sent: random, or nearly right.

use std::fmt;
use std::fmt::Write;

use app::serving::reception::BODY_BYTES_MAX;
use app::serving::route::Route;
use serde_json::{Map, Value, json};
use tests::chance::Chance;

use super::nearly::{break_one, valid};

/// An id of the right form that names nothing.
const NOBODY: &str = "01J9ZC0ZJ8Q4W3T9V5N6M7K8P9";
/// Stands in a text for half a surrogate pair, which no text can hold and JSON can escape.
const HALF: char = '\u{e000}';
/// How deep a random value goes.
const DEPTH_MAX: usize = 4;

/// Ids and tokens that name something.
#[derive(Debug, Default)]
pub(super) struct Known {
    ids: Vec<String>,
    pub(super) tokens: Vec<String>,
}

impl Known {
    pub(super) fn add(&mut self, id: &str) {
        self.ids.push(id.to_owned());
    }

    /// An id that begins with `prefix`: mostly one that names something.
    pub(super) fn id(&self, prefix: &str, chance: &Chance) -> String {
        let fitting: Vec<&String> = self.ids.iter().filter(|id| id.starts_with(prefix)).collect();
        if fitting.is_empty() || chance.once_in(5) {
            return format!("{prefix}{NOBODY}");
        }
        chance.one(&fitting).clone()
    }
}

/// One request.
pub(super) struct Sent {
    /// Path and query.
    pub(super) path: String,
    /// Names of query parameters and headers.
    pub(super) names: Vec<String>,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) cookies: Vec<(&'static str, String)>,
    /// What the body claims to be.
    pub(super) kind: String,
    pub(super) body: Option<Vec<u8>>,
}

impl Sent {
    /// A body and nothing else.
    pub(super) fn json(body: Value) -> Self {
        Self {
            path: String::new(),
            names: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            kind: "application/json".to_owned(),
            body: Some(body.to_string().into_bytes()),
        }
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        let begin: String = body.chars().take(2000).collect();
        write!(f, "{} {:?} {:?} {} {begin}", self.path, self.headers, self.cookies, self.kind)
    }
}

/// The route's operation in the API description.
pub(super) fn operation<'a>(api: &'a Value, route: &Route) -> &'a Value {
    &api["paths"][route.path][route.method.as_str().to_lowercase()]
}

pub(super) fn written(api: &Value, route: &Route, known: &Known, chance: &Chance) -> Sent {
    let operation = operation(api, route);
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let mut sent = Sent {
        path: path(route, &parameters, known, chance),
        names: Vec::new(),
        headers: headers(chance),
        cookies: cookies(chance),
        kind: "application/json".to_owned(),
        body: None,
    };
    query(&mut sent, api, &parameters, known, chance);
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    if route.method.as_str() != "GET" {
        sent.body = body(api, schema, known, chance);
    }
    if sent.body.is_some() && chance.once_in(15) {
        let kinds = ["text/plain", "", "application/json; charset=utf-16", "application/xml", "🦌"];
        chance.one(&kinds).clone_into(&mut sent.kind);
    }
    sent
}

fn path(route: &Route, parameters: &[Value], known: &Known, chance: &Chance) -> String {
    let part = |part: &str| {
        let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        let Some(name) = name else { return part.to_owned() };
        match chance.below(6) {
            0 => escaped(&text(chance)),
            1 if name != "slug" => known.id(chance.one(&["con_", "doc_", "ten_"]), chance),
            _ if name == "slug" => "acme".to_owned(),
            _ => {
                let parameter = parameters.iter().find(|parameter| parameter["name"] == name);
                let schema = parameter.map_or(&Value::Null, |parameter| &parameter["schema"]);
                let pattern = schema["pattern"].as_str().unwrap_or_default();
                let by_name = format!("{}_", name.get(..3).unwrap_or(name));
                known.id(prefix(pattern).unwrap_or(&by_name), chance)
            }
        }
    };
    route.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The prefix of ids that a pattern asks for.
pub(super) fn prefix(pattern: &str) -> Option<&str> {
    let prefix = pattern.strip_prefix('^')?.get(..4)?;
    prefix.ends_with('_').then_some(prefix)
}

fn headers(chance: &Chance) -> Vec<(&'static str, String)> {
    let mut headers = Vec::new();
    let tags =
        ["\"1\"", "\"1\"", "\"2\"", "*", "W/\"1\"", "\"-1\"", "\"99999999999999999999\"", "é"];
    if !chance.once_in(6) {
        headers.push(("if-match", chance.one(&tags).to_owned()));
    }
    if chance.once_in(3) {
        let keys = [format!("key-{}", chance.below(1 << 20)), String::new(), "ключ".to_owned()];
        let long = "k".repeat(chance.one(&[64, 65, 5000]));
        headers.push(("idempotency-key", chance.one(&[keys.as_slice(), &[long]].concat())));
    }
    if chance.once_in(12) {
        headers.push(("x-vestibule", chance.one(&["0", "", "yes"]).to_owned()));
    }
    if chance.once_in(12) {
        headers.push(("x-vestibule-tenant", chance.one(&["ten_", "x", "ten_é"]).to_owned()));
    }
    if chance.once_in(12) {
        headers.push(("origin", chance.one(&["null", "https://evil.example", "\u{7f}é"]).into()));
    }
    headers.retain(|(_, value)| !value.contains('\u{7f}'));
    headers
}

fn cookies(chance: &Chance) -> Vec<(&'static str, String)> {
    let values = ["", "x", "AAAA", "=;=", "a.b.c", "%00"].map(str::to_owned);
    let names = ["portal_01J9ZC0ZJ8Q4W3T9V5N6M7K8P9", "challenge", "portal_", "__Host-session"];
    let once = chance.once_in(6);
    let long = "A".repeat(chance.one(&[43, 44, 200, 3000]));
    let value = chance.one(&[values.as_slice(), &[long]].concat());
    once.then(|| (chance.one(&names), value)).into_iter().collect()
}

fn query(sent: &mut Sent, api: &Value, parameters: &[Value], known: &Known, chance: &Chance) {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let queried = parameters.iter().filter(|parameter| parameter["in"] == "query");
    for parameter in queried {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        if parameter["required"] == false && chance.once_in(2) {
            continue;
        }
        let value = match chance.below(4) {
            0 => escaped(&text(chance)),
            1 => chance.one(&["%ff", "%00", "%", "-1", "1e9", "", "true", "%F0%9F"]).to_owned(),
            _ => match valid(api, &parameter["schema"], known, chance, 0) {
                Value::String(text) => escaped(&text),
                value => escaped(&value.to_string()),
            },
        };
        if chance.once_in(12) {
            pairs.push((name.clone(), value.clone()));
        }
        pairs.push((name, value));
    }
    if chance.once_in(6) {
        pairs
            .push((chance.one(&["zzz", "limit", "preview", "%00", "a%5Bb%5D"]).into(), "1".into()));
    }
    sent.names = pairs.iter().map(|(name, _)| unescaped(name)).collect();
    for (place, (name, value)) in pairs.iter().enumerate() {
        let mark = if place == 0 { '?' } else { '&' };
        write!(sent.path, "{mark}{name}={value}").expect("text grows");
    }
}

/// Percent-encoded but for what needs no encoding.
fn escaped(text: &str) -> String {
    text.bytes().take(2000).fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-_".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            write!(escaped, "%{byte:02X}").expect("text grows");
        }
        escaped
    })
}

fn unescaped(name: &str) -> String {
    name.replace("%00", "\0").replace("%5B", "[").replace("%5D", "]")
}

fn body(api: &Value, schema: &Value, known: &Known, chance: &Chance) -> Option<Vec<u8>> {
    match chance.below(12) {
        0 => return None,
        1 => return Some(raw(chance)),
        2 => return Some(json_text(&random(chance, 0))),
        3..=4 if schema.is_null() => return Some(b"{}".to_vec()),
        _ => {}
    }
    let mut body = valid(api, schema, known, chance, 0);
    if !chance.once_in(4) {
        break_one(&mut body, chance);
    }
    Some(json_text(&body))
}

/// Texts that are hardly JSON, or too much of it.
fn raw(chance: &Chance) -> Vec<u8> {
    let long = |bytes: usize| {
        let rest = "x".repeat(bytes.saturating_sub(9));
        format!("{{\"a\": \"{rest}\"}}").into_bytes()
    };
    match chance.below(12) {
        0 => long(BODY_BYTES_MAX - 1),
        1 => long(BODY_BYTES_MAX),
        2 => long(BODY_BYTES_MAX + 1),
        3 => "[".repeat(chance.one(&[100, 1000, 100_000])).into_bytes(),
        4 => "{\"a\":".repeat(20_000).into_bytes(),
        5 => b"{\"a\":\"\xff\xfe\"}".to_vec(),
        6 => b"\xef\xbb\xbf{}".to_vec(),
        7 => b"{\"email\":1e999,\"title\":-0}".to_vec(),
        8 => b"{\"token\":\"\\ud800\",\"name\":\"\\udfff\\ud800\"}".to_vec(),
        9 => b"{\"name\":\"a\",\"name\":\"b\"}".to_vec(),
        10 => vec![0; 64],
        _ => chance
            .one(&["", "{", "[]", "null", "7", "\"x\"", "{} {}", "{\"a\":1,}", "NaN", "{'a':1}"])
            .into(),
    }
}

fn json_text(value: &Value) -> Vec<u8> {
    value.to_string().replace(HALF, "\\ud83d").into_bytes()
}

/// Any value at all.
pub(super) fn random(chance: &Chance, depth: usize) -> Value {
    let leaf = DEPTH_MAX <= depth;
    match chance.below(if leaf { 6 } else { 8 }) {
        0 => Value::Null,
        1 => json!(chance.once_in(2)),
        2 => {
            chance.one(&[json!(0), json!(-1), json!(i64::MIN), json!(u64::MAX), json!(1u64 << 53)])
        }
        3 => chance.one(&[json!(0.1), json!(-0.0), json!(1e308), json!(5e-324)]),
        4 | 5 => json!(text(chance)),
        6 => (0..chance.below(4)).map(|_| random(chance, depth + 1)).collect(),
        _ => {
            let fields = 0..chance.below(4);
            let field = |_| (text(chance).chars().take(20).collect(), random(chance, depth + 1));
            Value::Object(fields.map(field).collect::<Map<String, Value>>())
        }
    }
}

/// Any text at all.
pub(super) fn text(chance: &Chance) -> String {
    let some = [
        "",
        " ",
        "\0",
        "a\u{0}b",
        "\u{202e}gnp.exe",
        "\u{feff}",
        "e\u{301}\u{327}",
        "ﬀ",
        "İ",
        "ß",
        "👩‍👩‍👧‍👦",
        "\u{fffd}",
        "\u{10ffff}",
        "\r\nBcc: eve@example.com",
        "../../etc/passwd",
        "%00",
        "%ff",
        "null",
        "true",
        "-1",
        "1e9",
        "NaN",
        "9999-99-99T99:99:99Z",
        "-009999-01-01T00:00:00Z",
        "2030-01-01T00:00:00+99:99",
        "a@b",
        "@",
        "a@b.c@d",
        "xn--a@xn--",
        "{}",
        "[]",
        "$ref",
        "__proto__",
        "<script>",
        "~0~1/",
        "con_",
        "doc_01J9ZC0ZJ8Q4W3T9V5N6M7K8P",
        "acc_81J9ZC0ZJ8Q4W3T9V5N6M7K8P9",
    ];
    match chance.below(8) {
        0 => chance.one(&["a", "é", "𝒳", "\u{200d}"]).repeat(chance.one(&[101, 201, 2001, 70_000])),
        1 => (0..chance.below(12)).filter_map(|_| any_char(chance)).collect(),
        2 => format!("{HALF}x"),
        _ => chance.one(&some).to_owned(),
    }
}

fn any_char(chance: &Chance) -> Option<char> {
    let end = chance.one(&[0x80, 0x800, 0x1_0000, 0x11_0000]);
    char::from_u32(u32::try_from(chance.below(end)).ok()?)
}
