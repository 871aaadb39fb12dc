//! What lines.rs needs of the C headers hookline/plugin.h, pbx_adapter.h and
//! events.h, member for member. Structs grow only at their end, so these stay
//! right for every later host.
use std::os::raw::c_void;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Str {
    pub ptr: *const u8,
    pub len: u64,
}

impl Str {
    pub const EMPTY: Str = Str { ptr: std::ptr::null(), len: 0 };
    pub const fn of(text: &str) -> Str {
        Str { ptr: text.as_ptr(), len: text.len() as u64 }
    }
    /// # Safety
    /// The host's text, which lives for the length of the call.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.len == 0 {
            &[]
        } else {
            std::slice::from_raw_parts(self.ptr, self.len as usize)
        }
    }
}

pub type Status = u32;
pub const OK: Status = 0;
pub const INVALID: Status = 1;
pub const NOT_FOUND: Status = 3;
pub const CANCELLED: Status = 8;
pub const INTERNAL: Status = 11;
pub const UNKNOWN_MS: i64 = i64::MIN;

#[repr(C)]
pub struct Error {
    pub struct_size: u32,
    pub status: Status,
    pub vendor_code: i32,
    pub text_len: u32,
    pub text: [u8; 1024],
}

/// Tells the host why, in the host's own memory.
pub fn tell(err: *mut Error, status: Status, text: &str) -> Status {
    if let Some(err) = unsafe { err.as_mut() } {
        if err.struct_size as usize >= std::mem::size_of::<Error>() {
            let text = &text.as_bytes()[..text.len().min(err.text.len() - 1)];
            err.status = status;
            err.text_len = text.len() as u32;
            err.text[..text.len()].copy_from_slice(text);
            err.text[text.len()] = 0;
        }
    }
    status
}

pub type Instance = c_void;
pub type Host = c_void;

#[repr(C)]
pub struct Life {
    pub struct_size: u32,
    pub reserved: u32,
    pub create: extern "C" fn(Str, *const Host, *mut *mut Instance, *mut Error) -> Status,
    pub configure: extern "C" fn(*mut Instance, Str, *mut Error) -> Status,
    pub start: extern "C" fn(*mut Instance, *mut Error) -> Status,
    pub stop: extern "C" fn(*mut Instance, *mut Error) -> Status,
    pub destroy: extern "C" fn(*mut Instance),
}

#[repr(C)]
pub struct Plugin {
    pub struct_size: u32,
    pub required_minor: u32,
    pub built_minor: u32,
    pub reserved: u32,
    pub id: Str,
    pub version: Str,
    pub author: Str,
    pub licence: Str,
    pub summary: Str,
    pub get_interface: extern "C" fn(Str) -> *const c_void,
}
// Constant, and what it points to is constant too.
unsafe impl Sync for Plugin {}

#[repr(C)]
pub struct Endpoint {
    pub struct_size: u32,
    pub kind: u32,
    pub name: Str,
    pub address: Str,
    pub port: u32,
    pub use_tls: u32,
    pub tls_ca: Str,
    pub idle_ms: i64,
    pub interval_ms: i64,
    pub query: Str,
    pub key: Str,
    pub peers: Str,
    pub first_key: Str,
    pub late_ms: i64,
}
pub const ENDPOINT_TCP_CLIENT: u32 = 1;

#[repr(C)]
pub struct EndpointSink {
    pub struct_size: u32,
    pub reserved: u32,
    pub user: *mut c_void,
    pub want: extern "C" fn(*mut c_void, *const Endpoint) -> Status,
}

#[repr(C)]
pub struct Connection {
    pub struct_size: u32,
    pub is_capture: u32,
    pub id: u64,
    pub endpoint: Str,
    pub name: Str,
}
pub const SOURCE_LIVE: u32 = 2;

#[repr(C)]
pub struct PbxSink {
    pub struct_size: u32,
    pub reserved: u32,
    pub user: *mut c_void,
    pub event: extern "C" fn(*mut c_void, *const CallEvent, *mut Error) -> Status,
    pub send: extern "C" fn(*mut c_void, u64, Str) -> Status,
    pub close: extern "C" fn(*mut c_void, u64, i64, Str) -> Status,
    pub state: extern "C" fn(*mut c_void, u64, u32, Str) -> Status,
    pub skipped: extern "C" fn(*mut c_void, u64, u64, Str) -> Status,
    pub tick_at: extern "C" fn(*mut c_void, i64) -> Status,
}

#[repr(C)]
pub struct PbxAdapter {
    pub struct_size: u32,
    pub reserved: u32,
    pub endpoints: extern "C" fn(*mut Instance, *const EndpointSink, *mut Error) -> Status,
    pub opened: extern "C" fn(*mut Instance, *const Connection, i64, *const PbxSink, *mut Error) -> Status,
    pub feed: extern "C" fn(*mut Instance, u64, Str, i64, *const PbxSink, *mut Error) -> Status,
    pub closed: extern "C" fn(*mut Instance, u64, i64, *const PbxSink, *mut Error) -> Status,
    pub tick: extern "C" fn(*mut Instance, i64, *const PbxSink, *mut Error) -> Status,
}

pub const EVENT_CALL_BEGUN: u32 = 1;
pub const EVENT_LEG_RINGING: u32 = 2;
pub const EVENT_LEG_ANSWERED: u32 = 3;
pub const EVENT_LEG_ENDED: u32 = 4;
pub const EVENT_CALL_ENDED: u32 = 13;

#[repr(C)]
pub struct CallEvent {
    pub struct_size: u32,
    pub kind: u32,
    pub flags: u32,
    pub direction: u32,
    pub event_id: Str,
    pub call_ref: Str,
    pub leg_ref: Str,
    pub other_ref: Str,
    pub bridge_ref: Str,
    pub list_ref: Str,
    pub at_ms: i64,
    pub seq: u64,
    pub words: [u32; 11], // channel_kind to is_withheld
    pub rating: i32,
    pub client: Str,
    pub client_name: Str,
    pub line: Str,
    pub extension: Str,
    pub texts: [Str; 12], // employee to request
    pub tags: Str,
    pub extra: Str,
    pub times: [i64; 8], // started_at_ms to acw_ms
}

impl CallEvent {
    /// Of which nothing is known yet.
    pub const BLANK: CallEvent = CallEvent {
        struct_size: std::mem::size_of::<CallEvent>() as u32,
        kind: 0,
        flags: 0,
        direction: 0,
        event_id: Str::EMPTY,
        call_ref: Str::EMPTY,
        leg_ref: Str::EMPTY,
        other_ref: Str::EMPTY,
        bridge_ref: Str::EMPTY,
        list_ref: Str::EMPTY,
        at_ms: 0,
        seq: 0,
        words: [0; 11],
        rating: 0,
        client: Str::EMPTY,
        client_name: Str::EMPTY,
        line: Str::EMPTY,
        extension: Str::EMPTY,
        texts: [Str::EMPTY; 12],
        tags: Str::EMPTY,
        extra: Str::EMPTY,
        times: [UNKNOWN_MS; 8],
    };
}

/// The note that the host reads before it opens the file.
#[repr(C)]
pub struct Note<const SIZE: usize> {
    name_size: u32,
    desc_size: u32,
    note_type: u32,
    note_name: [u8; 12],
    magic: u32,
    abi_major: u32,
    required_minor: u32,
    built_minor: u32,
    manifest: [u8; SIZE],
}

/// Bytes that a manifest takes, with its ending zero and up to a multiple of 4.
pub const fn padded(manifest: &str) -> usize {
    (manifest.len() + 1 + 3) & !3
}

impl<const SIZE: usize> Note<SIZE> {
    pub const fn of(manifest: &str) -> Note<SIZE> {
        let mut bytes = [0; SIZE];
        let mut i = 0;
        while i < manifest.len() {
            bytes[i] = manifest.as_bytes()[i];
            i += 1;
        }
        Note {
            name_size: 9,
            desc_size: 16 + manifest.len() as u32 + 1,
            note_type: 1,
            note_name: *b"Hookline\0\0\0\0",
            magic: 0x314c4b48,
            abi_major: 1,
            required_minor: 0,
            built_minor: 0,
            manifest: bytes,
        }
    }
}

// Numbers of the headers (tests/contract/layout_1_0_*.inc).
const _: () = assert!(std::mem::size_of::<CallEvent>() == 528);
const _: () = assert!(std::mem::size_of::<Endpoint>() == 152);
const _: () = assert!(std::mem::size_of::<Plugin>() == 104);
