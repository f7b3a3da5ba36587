//! Everything that changes a list. `change`, `insert_node` and `remove_node` alone touch the sums.
use std::collections::VecDeque;
use std::rc::Rc;

use super::node::{Needle, Node, is_huge};
use super::{End, List, Side};
use crate::value::Limits;

impl List {
    pub fn push(&mut self, end: End, value: &[u8], limits: &Limits) {
        let last = self.nodes.len().saturating_sub(1);
        let outer = match end {
            End::Head => 0,
            End::Tail => last,
        };
        if self.has_room(Some(outer), value, limits) {
            self.change(outer, |node| node.push(end, value));
            return;
        }
        if !self.nodes.is_empty() {
            self.rest(end, outer);
        }
        let at = match end {
            End::Head => 0,
            End::Tail => self.nodes.len(),
        };
        self.insert_node(at, Node::new(value, limits));
    }

    pub fn pop(&mut self, end: End) -> Option<Vec<u8>> {
        let index = match end {
            End::Head => 0,
            End::Tail => self.len.checked_sub(1)?,
        };
        let value = self.get(index)?.into_owned();
        self.remove_range(index, 1);

        Some(value)
    }

    /// Whether there was an element at `index` to be replaced.
    pub fn set(&mut self, index: usize, value: &[u8], limits: &Limits) -> bool {
        let Some((at, offset)) = self.seek(index) else {
            return false;
        };
        let is_plain = self.nodes[at].is_plain();
        match (is_plain, is_huge(value, limits)) {
            (false, false) => self.change(at, |node| node.replace(offset, value)),
            (true, true) => self.change(at, |node| *node = Node::new(value, limits)),
            _ => {
                self.insert(index, Side::After, value, limits);
                self.remove_range(index, 1);
            }
        }

        true
    }

    /// Puts `value` beside the element at `index`, which must be there.
    pub fn insert(&mut self, index: usize, side: Side, value: &[u8], limits: &Limits) {
        let (at, offset) = self.seek(index).expect("the caller found the element");
        let node = &self.nodes[at];
        let (is_at_edge, cut, neighbour, near_end) = match side {
            Side::Before => (offset == 0, offset, at.checked_sub(1), End::Tail),
            Side::After => (
                offset + 1 == node.len(),
                offset + 1,
                Some(at + 1),
                End::Head,
            ),
        };
        let beside = at + usize::from(side == Side::After);

        if node.has_room(value, limits) {
            self.change(at, |node| node.insert(cut, value));
        } else if is_at_edge && self.has_room(neighbour, value, limits) {
            let neighbour = neighbour.expect("has room, so it is there");
            self.change(neighbour, |node| node.push(near_end, value));
        } else if is_at_edge {
            self.insert_node(beside, Node::new(value, limits));
        } else {
            let right = self.change(at, |node| node.split_off(cut));
            self.insert_node(at + 1, right);
            if is_huge(value, limits) {
                self.insert_node(at + 1, Node::new(value, limits));
                return;
            }
            // Redis: the half without the old element takes the new one, then the other one
            // looks for mergers.
            let (grown, centre) = match side {
                Side::Before => (at, at + 1),
                Side::After => (at + 1, at),
            };
            self.change(grown, |node| node.push(near_end, value));
            self.merge_around(centre, limits);
        }
    }

    /// Removes up to `count` elements from `start` on; answers how many.
    pub fn remove_range(&mut self, start: usize, count: usize) -> usize {
        let Some((mut at, offset)) = self.seek(start).filter(|_| count > 0) else {
            return 0;
        };
        let removed = count.min(self.len - start);
        let mut left = removed;
        if offset > 0 {
            let here = left.min(self.nodes[at].len() - offset);
            self.change(at, |node| node.remove(offset, here));
            left -= here;
            at += 1;
        }
        let mut end = at;
        while left > 0 && self.nodes[end].len() <= left {
            let node = &self.nodes[end];
            left -= node.len();
            self.len -= node.len();
            self.bytes -= node.memory_bytes();
            end += 1;
        }
        self.nodes.drain(at..end);
        if left > 0 {
            self.change(at, |node| node.remove(0, left));
        }
        self.release_capacity();

        removed
    }

    /// Removes up to `limit` elements that equal `value`, nearest to `from` first, and says how many.
    pub fn remove_matches(&mut self, value: &[u8], from: End, limit: usize) -> usize {
        let needle = Needle::new(value);
        let mut nodes = std::mem::take(&mut self.nodes);
        let mut kept = VecDeque::with_capacity(nodes.len());
        let mut removed = 0;
        loop {
            let node = match from {
                End::Head => nodes.pop_front(),
                End::Tail => nodes.pop_back(),
            };
            let Some(mut node) = node else { break };
            let before = node.memory_bytes();
            let node_mut = Rc::make_mut(&mut node);
            removed += node_mut.remove_matches(&needle, from, limit - removed);
            self.bytes -= before;
            if node.len() > 0 {
                self.bytes += node.memory_bytes();
                match from {
                    End::Head => kept.push_back(node),
                    End::Tail => kept.push_front(node),
                }
            }
        }
        self.nodes = kept;
        self.len -= removed;

        removed
    }

    /// Joins nodes near `centre` where the bounds allow, in Redis's order.
    fn merge_around(&mut self, centre: usize, limits: &Limits) {
        let mut centre = centre;
        if centre >= 2 && self.merge(centre - 2, limits) {
            centre -= 1;
        }
        self.merge(centre + 1, limits);
        if centre >= 1 && self.merge(centre - 1, limits) {
            centre -= 1;
        }
        self.merge(centre, limits);
    }

    /// Joins a node and the next one; answers whether it could.
    fn merge(&mut self, left: usize, limits: &Limits) -> bool {
        let may = match (self.nodes.get(left), self.nodes.get(left + 1)) {
            (Some(left), Some(right)) => left.may_merge(right, limits),
            _ => false,
        };
        if may {
            let right = self.remove_node(left + 1);
            self.change(left, |node| node.append(&right));
        }

        may
    }

    fn has_room(&self, at: Option<usize>, value: &[u8], limits: &Limits) -> bool {
        let node = at.and_then(|at| self.nodes.get(at));

        node.is_some_and(|node| node.has_room(value, limits))
    }

    /// The node at an end is full: it takes less from now on, and its neighbour too, where that was opened again.
    fn rest(&mut self, end: End, outer: usize) {
        let neighbour = match end {
            End::Head => outer + 1,
            End::Tail => outer.wrapping_sub(1),
        };
        self.change_as_it_is(outer, Node::rest);
        if neighbour < self.nodes.len() && self.nodes[neighbour].is_opened() {
            self.change_as_it_is(neighbour, Node::squeeze);
        }
    }

    fn change<R>(&mut self, at: usize, change: impl FnOnce(&mut Node) -> R) -> R {
        self.change_as_it_is(at, |node| {
            node.open();
            change(node)
        })
    }

    /// As `change`, of a node that may be compressed.
    fn change_as_it_is<R>(&mut self, at: usize, change: impl FnOnce(&mut Node) -> R) -> R {
        let node = &mut self.nodes[at];
        // Before a shared one is copied: the copy may be smaller.
        let (len, bytes) = (node.len(), node.memory_bytes());
        let node = Rc::make_mut(node);
        let answer = change(node);
        self.len = self.len + node.len() - len;
        self.bytes = self.bytes + node.memory_bytes() - bytes;

        answer
    }

    pub(super) fn insert_node(&mut self, at: usize, node: Node) {
        self.len += node.len();
        self.bytes += node.memory_bytes();
        self.nodes.insert(at, Rc::new(node));
    }

    fn remove_node(&mut self, at: usize) -> Node {
        let node = self.nodes.remove(at).expect("the caller found the node");
        self.len -= node.len();
        self.bytes -= node.memory_bytes();

        Rc::unwrap_or_clone(node)
    }

    /// A list that was once long must not keep room for it.
    fn release_capacity(&mut self) {
        if self.nodes.capacity() > 16 + 4 * self.nodes.len() {
            self.nodes.shrink_to(2 * self.nodes.len());
        }
    }
}
