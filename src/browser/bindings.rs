//! All that crosses to JavaScript. A call's words and its reply lie in linear memory: no object is made for
//! it.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::clock::{now_ms, random_bytes};
use super::driver::{Driver, Parts};
use super::host::Host;

use super::crypto::Cipher;
use super::door::{Place, Storage};
use super::gather::Freshness;
use super::lifecycle::is_visible;
use super::lock::Lock;
use super::storage::{self, IndexedDb};
use super::{crash, room, words};
use crate::command::{Reply, Settings};
use crate::node::{Called, Election, Input, Level, Node, NodeOptions};
use crate::resp::{BETWEEN_NODES, encode};
use crate::value::ValueRef;

/// `DURABILITIES` in src/ts/options.ts, in its order.
const LEVELS: [Level; 3] = [Level::Memory, Level::Everysec, Level::Always];

/// `maxmemory` where nobody sets one: beyond it writes are refused, or keys evicted. WebAssembly's memory
/// ends at 4 GiB, where the engine would die; what is read anew stands beside what was there before, and
/// so do the log and the pieces of a snapshot.
const MAXMEMORY_BYTES: usize = 1 << 30;

/// In place of an address: the reply is OK, at once or later.
const OK: u32 = 1;
const OK_LATER: u32 = 2;

/// Numbers below it are exact when doubled.
const TOLD_MAX: i64 = 1 << 51;

/// With a level: `call`.
const SETS: u32 = 4;

const NOT_TO_COPY: Freshness = Freshness {
    place: 0,
    ttl_ms: 0,
};

thread_local! {
    static DRIVER: RefCell<Option<Rc<Driver>>> = const { RefCell::new(None) };
    /// The replies of the last call, until the next one: `reply_with`.
    static REPLIES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// The call that JavaScript was last told to wait for.
    static NAMED: Cell<u64> = const { Cell::new(0) };
}

/// The driver, and nothing was left undone: `Driver::run_sets`.
fn driver() -> Rc<Driver> {
    let driver = DRIVER
        .with_borrow(Clone::clone)
        .expect("start comes before all else");
    driver.run_sets();

    driver
}

/// Starts this instance's node: `Start` in src/ts/instance.ts.
#[wasm_bindgen]
pub fn start(
    name: String,
    durability: usize,
    persistent: bool,
    shared: bool,
    discard_lost: bool,
    tcp_port: u16,
    host: Host,
) {
    let level = LEVELS.get(durability).copied().unwrap_or_default();
    let door = host.storage();
    let driver = Rc::new_cyclic(|this| {
        let place = match door {
            _ if !persistent => Place::None,
            Some(door) => Place::Folder(door),
            None => Place::IndexedDb(IndexedDb::new(&name, this.clone(), host.clone())),
        };
        let storage = Storage {
            place,
            cipher: host.key().map(|derive| Rc::new(Cipher::new(derive))),
            host: host.clone(),
            is_refused: Cell::new(false),
            failures: Cell::new(Some(0)),
        };
        let lock = Lock::new(&name, this.clone(), shared);
        crash::watch(this.clone());
        let channel_name = shared.then(|| name.clone());
        let election = match lock.is_available() || !shared {
            true => Election::Lock,
            false => Election::Lease,
        };
        let node = Node::new(
            now_ms(),
            NodeOptions {
                name,
                origin: random_bytes(),
                seed: u64::from_le_bytes(random_bytes()),
                level,
                visible: is_visible(),
                election,
                shared,
                discard_lost,
                tcp_port,
                room: room::ROOM,
                settings: Settings {
                    maxmemory_bytes: MAXMEMORY_BYTES,
                    ..Settings::default()
                },
                ..NodeOptions::default()
            },
        );
        Driver::new(
            this,
            Parts {
                node,
                host,
                storage,
                lock,
                channel_name,
            },
        )
    });
    DRIVER.set(Some(driver.clone()));
    driver.begin();
}

/// Room for the words of calls; the address holds until the next call of this. 0: there is no memory for them.
#[wasm_bindgen]
pub fn buffer(length: usize) -> *const u8 {
    words::reserve(length)
}

/// Runs `calls` calls that lie in the buffer and answers where their replies are: RESP with the marks of
/// `resp::BETWEEN_NODES`, and before that `@id\r\n` for a reply that is delivered later, or `^id\r\n` for one that
/// counts once call `id` is answered. `level`: when writes are acknowledged; 0 is the database's own, then `LEVELS`.
/// With 0 for `calls` there is one, and its answer may be told in place of an address: `told`. With `SETS` it is a
/// plain SET, and more of the session and the level may be left where `control("sets")` says, to be acknowledged with
/// it.
#[wasm_bindgen]
pub fn call(session: f64, length: usize, calls: u32, level: u32) -> f64 {
    let driver = driver();
    let (begins_sets, level) = (level & SETS != 0, level & !SETS);
    let level = LEVELS.get((level as usize).wrapping_sub(1)).copied();
    words::with_arguments(length, |mut bytes| {
        if calls <= 1 {
            let call = |argv: &[&[u8]]| driver.call(session as u64, level, argv);
            let called = words::take_call(&mut bytes, call);
            if begins_sets && matches!(&called, Some((Called::Reply(Reply::Status(_)), _))) {
                driver.begin_sets(session as u64);
            }
            let told = called.as_ref().filter(|_| calls == 0).and_then(told);
            return told.unwrap_or_else(|| {
                reply_with(NOT_TO_COPY, |out| {
                    if let Some(answer) = called {
                        append(answer, out);
                    }
                }) as f64
            });
        }
        let address = reply_with(NOT_TO_COPY, |out| {
            for _ in 0..calls {
                let call = |argv: &[&[u8]]| driver.call(session as u64, level, argv);
                match words::take_call(&mut bytes, call) {
                    Some(answer) => append(answer, out),
                    None => break,
                }
            }
        });
        address as f64
    })
}

/// An answer that needs no address: `OK`, or `OK_LATER` where it counts once the call that was named last is answered;
/// or for a number n that is not negative `-1 - 2 * n`, and 1 less where it counts then.
fn told((called, waits_for): &(Called, Option<u64>)) -> Option<f64> {
    let is_later = waits_for.is_some();
    if is_later && *waits_for != Some(NAMED.get()) {
        return None;
    }
    match called {
        Called::Reply(Reply::Int(n @ 0..TOLD_MAX)) => {
            Some((-1 - 2 * n - i64::from(is_later)) as f64)
        }
        Called::Reply(reply) if *reply == Reply::OK => {
            Some(f64::from(if is_later { OK_LATER } else { OK }))
        }
        _ => None,
    }
}

/// Does what follows from the calls of the turn that has come to its end: `Host::settle_soon`.
#[wasm_bindgen]
pub fn settle() {
    if let Some(driver) = DRIVER.with_borrow(Clone::clone) {
        driver.settle();
    }
}

/// Where the reply to the read in the buffer is, which may be copied: it depends on the key in its second word alone.
/// With a number of `keys`, each behind the command's name, what a copy of each value needs follows behind the reply:
/// `[u32 place] [u32 milliseconds to live]`.
#[wasm_bindgen]
pub fn read(session: f64, length: usize, keys: usize) -> usize {
    let (driver, session) = (driver(), session as u64);
    let fresh = |key: &[u8]| driver.freshness(session, key).unwrap_or(NOT_TO_COPY);
    words::with_arguments(length, |mut bytes| {
        let read = words::take_call(&mut bytes, |argv| {
            let answer = driver.call(session, None, argv);
            if keys == 0 {
                let key = argv.get(1).copied().unwrap_or_default();
                return reply_with(fresh(key), |out| append(answer, out));
            }
            reply_with(NOT_TO_COPY, |out| append(answer, out));
            let keys = argv.iter().skip(1).take(keys);
            append_behind(keys.map(|key| driver.freshness_of_text(session, key)))
        });

        read.unwrap_or_else(|| reply_with(NOT_TO_COPY, |_| {}))
    })
}

/// Where that is what the key in the buffer holds: `"` and a string, `J` and a JSON value's text, or GET's reply. With
/// the session's number below zero nothing is said that a copy of it would need.
#[wasm_bindgen]
pub fn get(session: f64, length: usize) -> usize {
    let (driver, is_to_copy, session) = (driver(), session > 0.0, session.abs() as u64);
    words::with_arguments(length, |key| {
        let found = driver.find(session, key, is_to_copy, |value, freshness| match value {
            ValueRef::String(text) if room::has_room_to_copy(text.len()) => {
                reply_with(freshness, |out| {
                    out.push(b'"');
                    out.extend_from_slice(&text.bytes());
                })
            }
            ValueRef::Json(json) if room::has_room_to_copy(json.text().len()) => {
                reply_with(freshness, |out| {
                    out.push(b'J');
                    out.extend_from_slice(json.text().as_bytes());
                })
            }
            _ => 0,
        });

        found.unwrap_or_else(|| {
            let answer = driver.call(session, None, &[b"GET", key]);
            let freshness = driver.freshness(session, key);
            reply_with(freshness.unwrap_or(NOT_TO_COPY), |out| append(answer, out))
        })
    })
}

/// Bytes of a RESP client; none: it will send no more. What it is answered is delivered.
#[wasm_bindgen]
pub fn feed(session: f64, length: usize) {
    // The bytes are taken out: delivering may make another call, which uses the same buffer.
    let bytes = words::with_arguments(length, <[u8]>::to_vec);
    driver().feed(session as u64, &bytes);
}

/// Opens a session that speaks RESP2 (0) or RESP3 (-1) and answers its id, or closes the one of this id.
#[wasm_bindgen]
pub fn session(id: f64) -> f64 {
    if id <= 0.0 {
        let protocol = if id < 0.0 { 3 } else { 2 };
        return driver().open_session(protocol) as f64;
    }
    driver().close_session(id as u64);

    0.0
}

/// What is rarely wanted, by name. Most answer a promise.
#[wasm_bindgen]
pub fn control(what: &str, argument: JsValue) -> Result<JsValue, JsValue> {
    match what {
        "status" => Ok(driver().status()),
        "led" => Ok(driver().node.borrow().leader_id().is_some().into()),
        // For copies outside: where the version words are, and how many.
        "versions" => {
            let (address, count) = driver().versions();
            let place = [address as usize as f64, count as f64].map(JsValue::from);
            Ok(place.into_iter().collect::<Array>().into())
        }
        "sets" => Ok((words::sets() as usize as f64).into()),
        _ => control_rarely(what, argument),
    }
}

/// What opening does not need: a browser compiles a function whole when it is first called.
#[inline(never)]
fn control_rarely(what: &str, argument: JsValue) -> Result<JsValue, JsValue> {
    let text = argument.as_string().unwrap_or_default();
    match what {
        "destroy" => {
            return Ok(JsValue::from(future_to_promise(async move {
                storage::destroy(&text).await?;
                Ok(JsValue::UNDEFINED)
            })));
        }
        "list" => {
            return Ok(JsValue::from(future_to_promise(async {
                let names = storage::list().await?.into_iter();
                Ok(names.map(JsValue::from).collect::<Array>().into())
            })));
        }
        "export" | "import" | "carry" | "adopt" => return move_data(what, argument),
        // `<session> <ip:port of the client> <ip:port that it called>`
        "address" => {
            let mut words = text.split(' ');
            let session = words.next().and_then(|word| word.parse().ok());
            let mut next = || words.next().unwrap_or_default().to_owned();
            driver().name_session(session.unwrap_or_default(), next(), next());
        }
        // Observers: which keys' changes are delivered, and what reads look at.
        "observe" => {
            let bytes = argument.dyn_into::<Uint8Array>()?.to_vec();
            driver()
                .observe(&bytes)
                .ok_or("observe: bytes that say nothing")?;
        }
        "track" => {
            let looked = driver().track(argument.is_truthy());
            return Ok(Uint8Array::from(&looked[..]).into());
        }
        "close" | "leave" | "return" | "visible" | "hidden" => driver().input(match what {
            "close" => Input::Close,
            "leave" => Input::Leave,
            "return" => Input::Return,
            _ => Input::Visible(what == "visible"),
        }),
        _ => return Err("unknown control".into()),
    }

    Ok(JsValue::UNDEFINED)
}

/// All data, or all sessions, on their way out or in.
fn move_data(what: &str, argument: JsValue) -> Result<JsValue, JsValue> {
    let driver = driver();
    let out = match what {
        "export" => Some(driver.export().ok_or(room::NO_ROOM)?),
        // For another instance that takes this one's place; nothing where a client still waits.
        "carry" => driver.carry(),
        _ => {
            let bytes = argument.dyn_into::<Uint8Array>()?;
            if !driver.has_room(bytes.length() as usize) {
                return Err(room::NO_ROOM.into());
            }
            let bytes = bytes.to_vec();
            if what == "adopt" {
                driver.adopt(&bytes);
                return Ok(JsValue::UNDEFINED);
            }
            let called = driver.import(&bytes);
            let address = reply_with(NOT_TO_COPY, |out| append((called, None), out));
            return Ok((address as f64).into());
        }
    };

    Ok(out.map_or(JsValue::UNDEFINED, |bytes| {
        Uint8Array::from(&bytes[..]).into()
    }))
}

/// The address of `[u32 length] [u32 place of the version word; 0: not to be copied] [u32 milliseconds to live]` and
/// what `write` has to say.
fn reply_with(freshness: Freshness, write: impl FnOnce(&mut Vec<u8>)) -> usize {
    REPLIES.with_borrow_mut(|replies| {
        replies.clear();
        if replies.capacity() > 1 << 20 {
            replies.shrink_to(1 << 12);
        }
        replies.extend_from_slice(&[0; 4]);
        replies.extend_from_slice(&freshness.place.to_le_bytes());
        replies.extend_from_slice(&freshness.ttl_ms.to_le_bytes());
        let begin = replies.len();
        write(replies);
        let length = (replies.len() - begin) as u32;
        replies[..4].copy_from_slice(&length.to_le_bytes());
        replies.as_ptr() as usize
    })
}

/// Behind the reply that was written last; answers where that is now.
fn append_behind(fresh: impl Iterator<Item = Option<Freshness>>) -> usize {
    REPLIES.with_borrow_mut(|replies| {
        for freshness in fresh {
            let Freshness { place, ttl_ms } = freshness.unwrap_or(NOT_TO_COPY);
            replies.extend_from_slice(&place.to_le_bytes());
            replies.extend_from_slice(&ttl_ms.to_le_bytes());
        }
        replies.as_ptr() as usize
    })
}

fn append((called, waits_for): (Called, Option<u64>), out: &mut Vec<u8>) {
    match called {
        Called::Reply(reply) => {
            if let Some(call) = waits_for {
                NAMED.set(call);
                name_call(out, b'^', call);
            }
            encode(&reply, BETWEEN_NODES, out);
        }
        Called::Pending(call) => name_call(out, b'@', call),
    }
}

fn name_call(out: &mut Vec<u8>, mark: u8, call: u64) {
    out.push(mark);
    out.extend_from_slice(call.to_string().as_bytes());
    out.extend_from_slice(b"\r\n");
}
