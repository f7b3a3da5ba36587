//! The order itself: what is sorted, by what, and which part of it is wanted.
use std::cmp::Ordering;

use super::pattern::look_up;
use super::{Error, Options, Result};
use crate::base::number;
use crate::base::sort::sort_by;
use crate::keyspace::Keys;
use crate::value::ValueRef;

/// An element is compared by this, and by itself where that ties.
enum Weight {
    /// By the element alone.
    None,
    Number(f64),
    Text(Option<Vec<u8>>),
}

/// The elements of `key` in order, or what each GET makes of them.
pub fn sorted(keys: Keys, key: &[u8], options: &Options) -> Result<Vec<Option<Vec<u8>>>> {
    let value = keys.value(key);
    let is_set = matches!(value, Some(ValueRef::Set(_)));
    let mut elements = match value {
        None => Vec::new(),
        Some(value) => load(value, options).ok_or(Error::WRONG_TYPE)?,
    };

    // Redis: what is stored must not depend on the order inside a set.
    let forced = options.unsorted() && is_set && options.store.is_some();
    if forced {
        sort_by(&mut elements, Ord::cmp);
        if options.descending {
            elements.reverse();
        }
    } else if !options.unsorted() {
        elements = sort(keys, elements, options)?;
    }
    let elements = part(elements, options);
    if options.gets.is_empty() {
        return Ok(elements.into_iter().map(Some).collect());
    }
    let gets = |element: Vec<u8>| {
        let found = options
            .gets
            .iter()
            .map(move |pattern| look_up(keys, pattern, &element));
        found.collect::<Vec<_>>()
    };

    Ok(elements.into_iter().flat_map(gets).collect())
}

/// Lists and sorted sets have an order of their own, which DESC turns round where nothing is sorted.
fn load(value: ValueRef, options: &Options) -> Option<Vec<Vec<u8>>> {
    let reversed = options.unsorted() && options.descending;
    let mut elements: Vec<Vec<u8>> = match value {
        ValueRef::List(list) => list.iter().map(|element| element.into_owned()).collect(),
        ValueRef::ZSet(zset) => zset.iter().map(|(member, _)| member.into_owned()).collect(),
        ValueRef::Set(set) => return Some(set.iter().map(|member| member.into_owned()).collect()),
        _ => return None,
    };
    if reversed {
        elements.reverse();
    }

    Some(elements)
}

fn sort(keys: Keys, elements: Vec<Vec<u8>>, options: &Options) -> Result<Vec<Vec<u8>>> {
    let weigh = |element: Vec<u8>| {
        let weight = match (options.by, options.alpha) {
            (None, true) => Weight::None,
            (None, false) => Weight::Number(score(&element)?),
            (Some(pattern), true) => Weight::Text(look_up(keys, pattern, &element)),
            (Some(pattern), false) => {
                let found = look_up(keys, pattern, &element);
                Weight::Number(found.map_or(Ok(0.0), |text| score(&text))?)
            }
        };
        Ok((weight, element))
    };
    let mut weighed: Vec<(Weight, Vec<u8>)> =
        elements.into_iter().map(weigh).collect::<Result<_>>()?;
    sort_by(&mut weighed, |a, b| {
        let order = compare(a, b);
        if options.descending {
            order.reverse()
        } else {
            order
        }
    });

    Ok(weighed.into_iter().map(|(_, element)| element).collect())
}

fn compare((a, a_element): &(Weight, Vec<u8>), (b, b_element): &(Weight, Vec<u8>)) -> Ordering {
    match (a, b) {
        (Weight::Number(a), Weight::Number(b)) => {
            let order = a.partial_cmp(b).unwrap_or(Ordering::Equal);
            order.then_with(|| a_element.cmp(b_element))
        }
        // Redis: equal texts leave the elements as they stood.
        (Weight::Text(a), Weight::Text(b)) => a.cmp(b),
        _ => a_element.cmp(b_element),
    }
}

/// Redis: strtod, so blanks may stand before a number and nothing at all is 0.
fn score(text: &[u8]) -> Result<f64> {
    let text = text.split(|byte| *byte == 0).next().unwrap_or(text);
    if text.is_empty() {
        return Ok(0.0);
    }
    let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let start = text.iter().position(|byte| !blank(byte)).unwrap_or(0);

    number::parse_f64(&text[start..]).ok_or(Error::SORT_NOT_NUMBERS)
}

fn part(elements: Vec<Vec<u8>>, options: &Options) -> Vec<Vec<u8>> {
    let skip = usize::try_from(options.offset.max(0)).unwrap_or(usize::MAX);
    let count = usize::try_from(options.count).unwrap_or(usize::MAX);

    elements.into_iter().skip(skip).take(count).collect()
}
