//! A PBX adapter in Rust, without crates. The PBX is made up and writes one
//! line for each event: time, word, call, extension; of a call that begins also
//! its direction, the client's number and ours. - is nobody.
//!
//!   1772442900123 CALL c1 - in +12125550148 +12125550100
//!   1772442900200 RING c1 101
mod contract;
use contract::*;
use std::collections::HashMap;
use std::os::raw::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};

const LONGEST_LINE: usize = 200;

#[derive(Default)]
struct Line {
    text: Vec<u8>,
    left_out: usize, // bytes beyond the longest line
}

#[derive(Default)]
struct Lines {
    lines: HashMap<u64, Line>,
    is_configured: bool,
    is_started: bool,
}

type Outcome = Result<(), (Status, String)>;

fn ok(status: Status) -> Outcome {
    if status == CANCELLED {
        return Err((status, "the host takes no more".into()));
    }
    Ok(())
}

fn skip(sink: &PbxSink, connection: u64, line: &Line, why: &str) -> Outcome {
    let size = (line.text.len() + line.left_out) as u64;
    ok((sink.skipped)(sink.user, connection, size, Str::of(why)))
}

fn end_line(sink: &PbxSink, connection: u64, line: &Line) -> Outcome {
    if line.left_out > 0 {
        return skip(sink, connection, line, "the line is too long");
    }
    let text = match std::str::from_utf8(&line.text) {
        Ok(text) => text,
        Err(_) => return skip(sink, connection, line, "no UTF-8"),
    };
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    if words.is_empty() {
        return Ok(());
    }
    let at_ms = match words[0].parse() {
        Ok(at_ms) if words.len() >= 4 => at_ms,
        _ => return skip(sink, connection, line, "four words were expected"),
    };
    let kind = match words[1] {
        "CALL" => EVENT_CALL_BEGUN,
        "RING" => EVENT_LEG_RINGING,
        "ANSWER" => EVENT_LEG_ANSWERED,
        "END" => EVENT_LEG_ENDED,
        "OVER" => EVENT_CALL_ENDED,
        _ => return skip(sink, connection, line, "an unknown word"),
    };
    let word = |i: usize| Str::of(words.get(i).copied().unwrap_or(""));
    let event = CallEvent {
        kind,
        at_ms,
        event_id: Str::of(text), // this PBX numbers nothing; the line tells itself apart
        call_ref: word(2),
        extension: if words[3] == "-" { Str::EMPTY } else { word(3) },
        direction: match words.get(4) {
            Some(&"in") => 1,
            Some(&"out") => 2,
            _ => 0,
        },
        client: word(5),
        line: word(6),
        ..CallEvent::BLANK
    };
    ok((sink.event)(sink.user, &event, std::ptr::null_mut()))
}

impl Lines {
    fn feed(&mut self, connection: u64, bytes: &[u8], sink: &PbxSink) -> Outcome {
        let line = self.lines.entry(connection).or_default();
        for &byte in bytes {
            if byte == b'\n' {
                let whole = std::mem::take(line);
                end_line(sink, connection, &whole)?;
            } else if line.text.len() < LONGEST_LINE {
                line.text.push(byte);
            } else {
                line.left_out += 1;
            }
        }
        Ok(())
    }

    fn closed(&mut self, connection: u64, sink: &PbxSink) -> Outcome {
        match self.lines.remove(&connection) {
            Some(line) if !line.text.is_empty() => {
                skip(sink, connection, &line, "the connection ended within a line")
            }
            _ => Ok(()),
        }
    }
}

/// Enters the instance; a panic stops here and becomes a status.
fn guarded(me: *mut Instance, err: *mut Error, body: impl FnOnce(&mut Lines) -> Outcome) -> Status {
    let me = match unsafe { (me as *mut Lines).as_mut() } {
        Some(me) => me,
        None => return tell(err, INVALID, "no instance"),
    };
    match catch_unwind(AssertUnwindSafe(|| body(me))) {
        Ok(Ok(())) => OK,
        Ok(Err((status, text))) => tell(err, status, &text),
        Err(_) => tell(err, INTERNAL, "it panicked"),
    }
}

/// The same for work, which only a started instance does.
fn working(me: *mut Instance, err: *mut Error, body: impl FnOnce(&mut Lines) -> Outcome) -> Status {
    guarded(me, err, |it| if it.is_started { body(it) } else { Err((INVALID, "it is not started".into())) })
}

extern "C" fn create(id: Str, _: *const Host, out: *mut *mut Instance, err: *mut Error) -> Status {
    if unsafe { id.bytes() } != PBX_ADAPTER.as_bytes() {
        return tell(err, NOT_FOUND, "this is a PBX adapter");
    }
    unsafe { *out = Box::into_raw(Box::<Lines>::default()) as *mut Instance };
    OK
}
/// One step of its life, where `may` allows it.
fn step(me: *mut Instance, err: *mut Error, may: impl FnOnce(&mut Lines) -> bool) -> Status {
    guarded(me, err, |lines| if may(lines) { Ok(()) } else { Err((INVALID, "not at this step of its life".into())) })
}
extern "C" fn configure(me: *mut Instance, _: Str, err: *mut Error) -> Status {
    step(me, err, |it| !std::mem::replace(&mut it.is_configured, true)) // the schema allows no setting
}
extern "C" fn start(me: *mut Instance, err: *mut Error) -> Status {
    step(me, err, |it| it.is_configured && !std::mem::replace(&mut it.is_started, true))
}
extern "C" fn stop(me: *mut Instance, err: *mut Error) -> Status {
    step(me, err, |it| std::mem::replace(&mut it.is_started, false))
}
extern "C" fn destroy(me: *mut Instance) {
    if !me.is_null() {
        drop(unsafe { Box::from_raw(me as *mut Lines) });
    }
}

extern "C" fn endpoints(me: *mut Instance, sink: *const EndpointSink, err: *mut Error) -> Status {
    guarded(me, err, |_| {
        let endpoint = Endpoint {
            struct_size: std::mem::size_of::<Endpoint>() as u32,
            kind: ENDPOINT_TCP_CLIENT,
            name: Str::EMPTY,
            address: Str::of("127.0.0.1"),
            port: 7000,
            use_tls: 0,
            tls_ca: Str::EMPTY,
            idle_ms: 0,
            interval_ms: 0,
            query: Str::EMPTY,
            key: Str::EMPTY,
            peers: Str::EMPTY,
            first_key: Str::EMPTY,
            late_ms: 0,
        };
        let sink = unsafe { &*sink };
        ok((sink.want)(sink.user, &endpoint))
    })
}
extern "C" fn opened(me: *mut Instance, connection: *const Connection, _: i64, sink: *const PbxSink, err: *mut Error) -> Status {
    working(me, err, |_| {
        let (connection, sink) = unsafe { (&*connection, &*sink) };
        ok((sink.state)(sink.user, connection.id, SOURCE_LIVE, Str::of("connected")))
    })
}
extern "C" fn feed(me: *mut Instance, connection: u64, bytes: Str, _: i64, sink: *const PbxSink, err: *mut Error) -> Status {
    working(me, err, |lines| unsafe { lines.feed(connection, bytes.bytes(), &*sink) })
}
extern "C" fn closed(me: *mut Instance, connection: u64, _: i64, sink: *const PbxSink, err: *mut Error) -> Status {
    working(me, err, |lines| unsafe { lines.closed(connection, &*sink) })
}
extern "C" fn tick(_: *mut Instance, _: i64, _: *const PbxSink, _: *mut Error) -> Status {
    OK
}

const PBX_ADAPTER: &str = "hookline.pbx-adapter/1";
static LIFE: Life =
    Life { struct_size: std::mem::size_of::<Life>() as u32, reserved: 0, create, configure, start, stop, destroy };
static ADAPTER: PbxAdapter = PbxAdapter {
    struct_size: std::mem::size_of::<PbxAdapter>() as u32,
    reserved: 0,
    endpoints,
    opened,
    feed,
    closed,
    tick,
};

extern "C" fn get_interface(id: Str) -> *const c_void {
    match unsafe { id.bytes() } {
        b"hookline.life/1" => &LIFE as *const Life as *const c_void,
        b"hookline.pbx-adapter/1" => &ADAPTER as *const PbxAdapter as *const c_void,
        _ => std::ptr::null(),
    }
}

const MANIFEST: &str = r#"{"id": "com.example.lines-rust", "version": "1.0.0", "author": "Example", "licence": "MIT",
 "summary": "Calls told in lines, in Rust", "interfaces": ["hookline.pbx-adapter/1"],
 "settings": {"type": "object", "additionalProperties": false, "properties": {}}}"#;

#[used]
#[link_section = ".note.hookline"]
static NOTE: Note<{ padded(MANIFEST) }> = Note::of(MANIFEST);

#[no_mangle]
#[allow(non_upper_case_globals)]
pub static hookline_plugin_v1: Plugin = Plugin {
    struct_size: std::mem::size_of::<Plugin>() as u32,
    required_minor: 0,
    built_minor: 0,
    reserved: 0,
    id: Str::of("com.example.lines-rust"),
    version: Str::of("1.0.0"),
    author: Str::of("Example"),
    licence: Str::of("MIT"),
    summary: Str::of("Calls told in lines, in Rust"),
    get_interface,
};
