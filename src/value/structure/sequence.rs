//! A row of small items with O(log n) access, insertion and removal at any place, and search where
//! a predicate turns: a B+ tree whose inner nodes count what is below them instead of holding keys.
//! A skip list, which Redis has here, takes a node of its own and two to three links with spans for
//! each item; this takes the item itself and a third more, and walks it in memory order.
//! A clone shares its nodes until one side changes them.
//! Invariants: all leaves have the same depth, no node but the root is empty, `first` and `count`
//! are those of the child.

use std::ops::Range;
use std::rc::Rc;

/// The most items in a leaf, and children in an inner node.
const FULL: usize = 64;
/// A node with fewer is joined to its neighbour where both fit into one with room to spare.
const SMALL: usize = FULL / 4;
const JOINED_MAX: usize = FULL * 3 / 4;

#[derive(Clone, Debug)]
pub struct Sequence<T> {
    root: Node<T>,
    len: usize,
}

#[derive(Clone, Debug)]
enum Node<T> {
    Leaf(Vec<T>),
    Inner(Vec<Child<T>>),
}

#[derive(Clone, Debug)]
struct Child<T> {
    first: T,
    count: u32,
    node: Rc<Node<T>>,
}

impl<T: Copy> Sequence<T> {
    pub const fn new() -> Sequence<T> {
        Sequence {
            root: Node::Leaf(Vec::new()),
            len: 0,
        }
    }

    /// An estimate, between what takes nodes that are filled in order and those that are filled anywhere.
    pub fn memory_bytes(&self) -> usize {
        self.len * size_of::<T>() * 8 / 5
    }

    /// Drops about `n` items of a sequence that is not to be used again, for a deletion in slices;
    /// false when nothing is left.
    pub fn discard(&mut self, n: usize) -> bool {
        self.len = 0;

        self.root.discard(&mut (n / FULL + 1))
    }

    #[inline]
    pub fn get(&self, at: usize) -> Option<T> {
        self.items_from(at).first().copied()
    }

    pub fn set(&mut self, at: usize, item: T) {
        assert!(at < self.len, "only what is there can be set");
        self.root.set(at, item);
    }

    pub fn insert(&mut self, at: usize, item: T) {
        assert!(at <= self.len, "no holes");
        if let Some(right) = self.root.insert(at, item) {
            let left = std::mem::replace(&mut self.root, Node::Leaf(Vec::new()));
            self.root = Node::Inner(vec![Child::of(left), Child::of(right)]);
        }
        self.len += 1;
    }

    pub fn remove(&mut self, at: usize) -> T {
        assert!(at < self.len, "only what is there can be removed");
        let item = self.root.remove(at);
        self.len -= 1;
        while let Node::Inner(children) = &mut self.root {
            if children.len() > 1 {
                break;
            }
            self.root = children.pop().map_or(Node::Leaf(Vec::new()), |child| {
                Rc::unwrap_or_clone(child.node)
            });
        }
        item
    }

    /// How many items come before the first one that `before` denies; it must hold for a beginning
    /// of the row only.
    #[inline]
    pub fn partition_point(&self, mut before: impl FnMut(&T) -> bool) -> usize {
        let (mut node, mut passed) = (&self.root, 0);
        loop {
            match node {
                Node::Leaf(items) => return passed + items.partition_point(before),
                Node::Inner(children) => {
                    let index = children.partition_point(|child| before(&child.first));
                    let Some(index) = index.checked_sub(1) else {
                        return passed;
                    };
                    passed += count(&children[..index]);
                    node = &children[index].node;
                }
            }
        }
    }

    /// The items of a range of places, from either end.
    pub fn range(&self, range: Range<usize>) -> Iter<'_, T> {
        let back = range.end.min(self.len);
        Iter {
            row: self,
            front: range.start,
            back,
            front_items: &[],
            back_items: &[],
        }
    }

    /// The items of one leaf from place `at` on.
    #[inline]
    fn items_from(&self, at: usize) -> &[T] {
        let (items, at) = self.leaf(at);
        items.get(at..).unwrap_or_default()
    }

    /// The items of one leaf up to place `at` and with it.
    #[inline]
    fn items_to(&self, at: usize) -> &[T] {
        let (items, at) = self.leaf(at);
        &items[..=at]
    }

    /// The leaf that has place `at`, or whose end it is, and the place within it.
    #[inline]
    fn leaf(&self, mut at: usize) -> (&[T], usize) {
        let mut node = &self.root;
        loop {
            match node {
                Node::Leaf(items) => return (items, at),
                Node::Inner(children) => {
                    let index;
                    (index, at) = child_at(children, at);
                    node = &children[index].node;
                }
            }
        }
    }
}

impl<T: Copy> Node<T> {
    /// Drops up to so many nodes below this one; false when none is left.
    fn discard(&mut self, nodes: &mut usize) -> bool {
        let Node::Inner(children) = self else {
            return false;
        };
        while let Some(child) = children.last_mut() {
            if *nodes == 0 {
                return true;
            }
            // What a clone shares is dropped with the clone.
            let own = Rc::get_mut(&mut child.node);
            if own.is_some_and(|node| node.discard(nodes)) {
                return true;
            }
            children.pop();
            *nodes = nodes.saturating_sub(1);
        }

        false
    }

    fn set(&mut self, at: usize, item: T) {
        match self {
            Node::Leaf(items) => items[at] = item,
            Node::Inner(children) => {
                let (index, at) = child_at(children, at);
                Rc::make_mut(&mut children[index].node).set(at, item);
                children[index].first = children[index].node.first();
            }
        }
    }

    /// Inserts and returns the right part of the node if it had to be split.
    fn insert(&mut self, at: usize, item: T) -> Option<Node<T>> {
        match self {
            Node::Leaf(items) if items.len() < FULL => {
                items.insert(at, item);
                None
            }
            Node::Leaf(items) => {
                let mut right = split(items, at);
                match at.checked_sub(items.len()) {
                    Some(at) if at > 0 || right.is_empty() => right.insert(at, item),
                    _ => items.insert(at, item),
                }
                Some(Node::Leaf(right))
            }
            Node::Inner(children) => {
                let (index, at) = child_at(children, at);
                let child = &mut children[index];
                let Some(right) = Rc::make_mut(&mut child.node).insert(at, item) else {
                    child.count += 1;
                    child.first = child.node.first();
                    return None;
                };
                (child.count, child.first) = (child.node.count(), child.node.first());
                let (at, right) = (index + 1, Child::of(right));
                if children.len() < FULL {
                    children.insert(at, right);
                    return None;
                }
                let mut others = split(children, at);
                match at.checked_sub(children.len()) {
                    Some(at) if at > 0 || others.is_empty() => others.insert(at, right),
                    _ => children.insert(at, right),
                }
                Some(Node::Inner(others))
            }
        }
    }

    fn remove(&mut self, at: usize) -> T {
        match self {
            Node::Leaf(items) => items.remove(at),
            Node::Inner(children) => {
                let (index, at) = child_at(children, at);
                let child = &mut children[index];
                let item = Rc::make_mut(&mut child.node).remove(at);
                child.count -= 1;
                if child.count == 0 {
                    children.remove(index);
                    return item;
                }
                child.first = child.node.first();
                if child.node.width() < SMALL && children.len() > 1 {
                    join(children, index.min(children.len() - 2));
                }
                item
            }
        }
    }

    #[inline]
    fn width(&self) -> usize {
        match self {
            Node::Leaf(items) => items.len(),
            Node::Inner(children) => children.len(),
        }
    }

    #[inline]
    fn first(&self) -> T {
        match self {
            Node::Leaf(items) => items[0],
            Node::Inner(children) => children[0].first,
        }
    }

    #[inline]
    fn count(&self) -> u32 {
        match self {
            Node::Leaf(items) => items.len() as u32,
            Node::Inner(children) => count(children) as u32,
        }
    }
}

impl<T: Copy> Child<T> {
    fn of(node: Node<T>) -> Child<T> {
        Child {
            first: node.first(),
            count: node.count(),
            node: Rc::new(node),
        }
    }
}

#[inline]
fn count<T>(children: &[Child<T>]) -> usize {
    children.iter().map(|child| child.count as usize).sum()
}

/// The child that has place `at`, or whose end it is, and the place within it.
#[inline]
fn child_at<T>(children: &[Child<T>], mut at: usize) -> (usize, usize) {
    let last = children.len() - 1;
    for (index, child) in children[..last].iter().enumerate() {
        if at < child.count as usize {
            return (index, at);
        }
        at -= child.count as usize;
    }
    (last, at)
}

/// Cuts a full node in two around an insertion at `at`; one at its end leaves the node full, so
/// that what arrives in order fills its nodes.
fn split<U>(items: &mut Vec<U>, at: usize) -> Vec<U> {
    let cut = if at == items.len() {
        at
    } else {
        items.len() / 2
    };
    let mut right = Vec::with_capacity(FULL);
    right.extend(items.drain(cut..));
    right
}

/// Joins the child at `index` and the next one where they fit into one.
fn join<T: Copy>(children: &mut Vec<Child<T>>, index: usize) {
    if children[index].node.width() + children[index + 1].node.width() > JOINED_MAX {
        return;
    }
    let right = children.remove(index + 1);
    let left = &mut children[index];
    left.count += right.count;
    match (
        Rc::make_mut(&mut left.node),
        Rc::unwrap_or_clone(right.node),
    ) {
        (Node::Leaf(items), Node::Leaf(more)) => items.extend(more),
        (Node::Inner(children), Node::Inner(more)) => children.extend(more),
        _ => unreachable!("siblings have the same depth"),
    }
}

/// Walks a range from either end, a leaf at a time.
#[derive(Clone, Debug)]
pub struct Iter<'a, T> {
    row: &'a Sequence<T>,
    front: usize,
    back: usize,
    front_items: &'a [T],
    back_items: &'a [T],
}

impl<T: Copy> Iterator for Iter<'_, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        if self.front >= self.back {
            return None;
        }
        if self.front_items.is_empty() {
            self.front_items = self.row.items_from(self.front);
        }
        let (item, rest) = self.front_items.split_first()?;
        self.front_items = rest;
        self.front += 1;
        Some(*item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.back.saturating_sub(self.front);
        (left, Some(left))
    }
}

impl<T: Copy> DoubleEndedIterator for Iter<'_, T> {
    #[inline]
    fn next_back(&mut self) -> Option<T> {
        if self.front >= self.back {
            return None;
        }
        if self.back_items.is_empty() {
            self.back_items = self.row.items_to(self.back - 1);
        }
        let (item, rest) = self.back_items.split_last()?;
        self.back_items = rest;
        self.back -= 1;
        Some(*item)
    }
}

impl<T: Copy> ExactSizeIterator for Iter<'_, T> {}

#[cfg(test)]
mod tests;
