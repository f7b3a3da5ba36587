//! A panic kills the node, not the data: whoever waits is told, and the lead is given up.
use std::cell::RefCell;
use std::rc::Rc;

use super::host::Host;
use super::lock::Lock;

thread_local! {
    static WITNESS: RefCell<Option<(Host, Rc<Lock>)>> = const { RefCell::new(None) };
}

/// From now on a panic is told to `host`, and `lock` is let go.
pub fn watch(host: Host, lock: Rc<Lock>) {
    WITNESS.with(|witness| *witness.borrow_mut() = Some((host, lock)));
    std::panic::set_hook(Box::new(|info| {
        let witness = WITNESS.with(RefCell::take);
        if let Some((host, lock)) = witness {
            lock.release();
            host.crashed(&info.to_string());
        }
    }));
}
