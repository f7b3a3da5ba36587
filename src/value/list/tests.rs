use super::*;
use crate::base::rng::Rng;
use crate::value::Limits;

fn limits(size: i64, threshold: usize) -> Limits {
    Limits {
        list_max_listpack_size: size,
        list_packed_threshold: threshold,
        ..Limits::default()
    }
}

fn check(list: &List, model: &VecDeque<Vec<u8>>) {
    assert_eq!(list.len(), model.len());
    assert!(list.iter().eq(model.iter().map(Cow::from)));
    assert!(list.iter().rev().eq(model.iter().rev().map(Cow::from)));
    assert!(list.nodes.iter().all(|node| node.len() > 0));
    let bytes: usize = list.nodes.iter().map(|node| node.memory_bytes()).sum();
    assert_eq!(list.bytes, bytes);
    let mut again = List::default();
    for image in list.nodes() {
        again.append_node(image).expect("its own image");
    }
    assert!(again.iter().eq(list.iter()));
    assert_eq!(again.len(), list.len());
}

fn value(rng: &mut Rng) -> Vec<u8> {
    match rng.below(6) {
        0..3 => (rng.below(12) as i64 - 3).to_string().into_bytes(),
        3 => (rng.next_u64() as i64).to_string().into_bytes(),
        _ => vec![b'a' + rng.below(4) as u8; rng.index(60)],
    }
}

fn end(rng: &mut Rng) -> End {
    [End::Head, End::Tail][rng.index(2)]
}

fn step(list: &mut List, model: &mut VecDeque<Vec<u8>>, limits: &Limits, rng: &mut Rng) {
    let index = rng.index(model.len() + 1);
    let value = value(rng);
    let end = end(rng);
    match rng.below(100) {
        0..35 => {
            list.push(end, &value, limits);
            match end {
                End::Head => model.push_front(value),
                End::Tail => model.push_back(value),
            }
        }
        35..50 => assert_eq!(
            list.pop(end),
            match end {
                End::Head => model.pop_front(),
                End::Tail => model.pop_back(),
            }
        ),
        50..65 => {
            if index < model.len() {
                model[index] = value.clone();
            }
            assert_eq!(list.set(index, &value, limits), index < model.len());
        }
        65..80 if index < model.len() => {
            let side = [Side::Before, Side::After][rng.index(2)];
            list.insert(index, side, &value, limits);
            model.insert(index + usize::from(side == Side::After), value);
        }
        80..83 => {
            let count = rng.index(30);
            let removed = model.len().saturating_sub(index).min(count);
            assert_eq!(list.remove_range(index, count), removed);
            model.drain(index..index + removed);
        }
        83..86 => {
            let limit = [1, 3, usize::MAX][rng.index(3)];
            let mut places: Vec<usize> = places(model, &value, end);
            places.truncate(limit);
            assert_eq!(list.remove_matches(&value, end, limit), places.len());
            places.sort_unstable();
            for at in places.iter().rev() {
                model.remove(*at);
            }
        }
        86..93 => {
            let found: Vec<usize> = list.find(&value, end, usize::MAX).collect();
            assert_eq!(found, places(model, &value, end));
        }
        _ => {
            let count = rng.index(40);
            let range = list.range(index, count);
            assert!(range.eq(model.iter().skip(index).take(count).map(Cow::from)));
            assert_eq!(list.get(index), model.get(index).map(Cow::from));
        }
    }
}

fn places(model: &VecDeque<Vec<u8>>, value: &[u8], from: End) -> Vec<usize> {
    let all = model.iter().enumerate();
    let mut places: Vec<usize> = all
        .filter(|(_, held)| *held == value)
        .map(|(at, _)| at)
        .collect();
    if from == End::Tail {
        places.reverse();
    }

    places
}

#[test]
fn agrees_with_a_deque() {
    let bounds = [
        (-2, 1 << 30),
        (4, 1 << 30),
        (1, 30),
        (0, 50),
        (128, 20),
        (-1, 40),
    ];
    for (seed, (size, threshold)) in bounds.into_iter().enumerate() {
        let mut rng = Rng::new(seed as u64);
        let mut limits = limits(size, threshold);
        let (mut list, mut model) = (List::default(), VecDeque::new());
        for round in 0..3_000 {
            step(&mut list, &mut model, &limits, &mut rng);
            if round % 20 == 0 {
                check(&list, &model);
            }
            // Settings may change while the list lives.
            if round % 1_000 == 999 {
                limits.list_max_listpack_size = -limits.list_max_listpack_size;
                limits.list_packed_threshold = [25, 1 << 30][rng.index(2)];
            }
        }
        check(&list, &model);
    }
}

fn is_squeezed(node: &Rc<Node>) -> bool {
    matches!(**node, Node::Squeezed(_))
}

#[test]
fn agrees_with_a_deque_where_nodes_are_compressed() {
    for (seed, size) in [(1, -1), (2, -2), (3, 64)] {
        let mut rng = Rng::new(seed);
        let limits = limits(size, 1 << 30);
        let (mut list, mut model) = (List::default(), VecDeque::new());
        let mut compressed = 0;
        for round in 0..400 {
            // Many at once at one end, then a few changes anywhere.
            let end = end(&mut rng);
            for i in 0..rng.index(300) {
                let text = format!("an element of some bytes {}", i % 7).into_bytes();
                list.push(end, &text, &limits);
                match end {
                    End::Head => model.push_front(text),
                    End::Tail => model.push_back(text),
                }
            }
            (0..6).for_each(|_| step(&mut list, &mut model, &limits, &mut rng));
            let many = rng.index(300).min(model.len());
            for _ in 0..many {
                let expected = match end {
                    End::Head => model.pop_back(),
                    End::Tail => model.pop_front(),
                };
                let other = if end == End::Head {
                    End::Tail
                } else {
                    End::Head
                };
                assert_eq!(list.pop(other), expected);
            }
            compressed += list.nodes.iter().filter(|node| is_squeezed(node)).count();
            if round % 10 == 0 {
                check(&list, &model);
                let (copy, before) = (list.clone(), model.clone());
                (0..20).for_each(|_| step(&mut list, &mut model, &limits, &mut rng));
                check(&copy, &before);
            }
        }
        check(&list, &model);
        assert!(compressed > 30, "{size}: {compressed} nodes were met");
    }
}

#[test]
fn a_node_is_compressed_where_it_rests_and_its_bytes_repeat() {
    let limits = Limits::default();
    let mut list = List::default();
    for i in 0..2_000 {
        list.push(End::Head, format!("element {i:08}").as_bytes(), &limits);
    }
    let nodes = list.nodes.len();
    assert!(nodes > 4 && list.nodes.iter().skip(1).all(is_squeezed));
    assert!(list.bytes < 2_000 * 18 / 2);
    // What changes a node opens it, and over a border to and fro nothing is compressed again.
    let outer = list.nodes[0].len();
    list.remove_range(0, outer);
    for _ in 0..3 {
        list.pop(End::Head);
        assert!(!is_squeezed(&list.nodes[0]));
        (0..2)
            .for_each(|i| list.push(End::Head, format!("element 0000000{i}").as_bytes(), &limits));
        assert!(!is_squeezed(&list.nodes[0]) && !is_squeezed(&list.nodes[1]));
        list.pop(End::Head);
    }
    // Random bytes are left as they are.
    let (mut rng, mut list) = (Rng::new(5), List::default());
    for _ in 0..2_000 {
        list.push(
            End::Tail,
            &rng.next_u64().to_le_bytes().repeat(2)[..16 - 1],
            &limits,
        );
    }
    assert!(list.nodes.len() > 3);
}

#[test]
fn nodes_keep_within_bounds() {
    let text = |i: usize| format!("an element of thirty bytes{i:04}");
    // The size, how many nodes 1000 entries of 32 bytes take, and the bound of each.
    let cases = [
        (-1, 8..11, 4096),
        (-2, 4..6, 8192),
        (-5, 1..2, 65536),
        (-9, 1..2, 65536),
        (10, 100..102, 8192),
        (9_999, 4..6, 8192),
        (0, 1_000..1_001, 8192),
    ];
    for (size, nodes, largest) in cases {
        let limits = limits(size, 1 << 30);
        let mut list = List::default();
        for i in 0..1_000 {
            let end = [End::Head, End::Tail][i % 2];
            list.push(end, text(i).as_bytes(), &limits);
        }
        assert!(
            nodes.contains(&list.nodes().len()),
            "{size}: {}",
            list.nodes().len()
        );
        for image in list.nodes() {
            let ListNode::Packed(bytes) = image else {
                unreachable!("nothing is huge")
            };
            assert!(bytes.len() <= largest);
        }
    }
}

#[test]
fn huge_elements_stand_alone() {
    let limits = limits(-2, 100);
    let huge = [b'x'; 100];
    let mut list = List::default();
    for value in [&b"a"[..], b"b", &huge, b"c", b"d"] {
        list.push(End::Tail, value, &limits);
    }
    assert_eq!(list.nodes().len(), 3);
    // In the middle of a node it splits it; small again, it joins a neighbour.
    assert!(list.set(0, &huge, &limits));
    assert_eq!(list.nodes().len(), 4);
    list.insert(1, Side::Before, &huge, &limits);
    list.insert(1, Side::After, b"s", &limits);
    assert_eq!(list.nodes().nth(1), Some(ListNode::Plain(&huge)));
    assert!(list.set(1, b"small", &limits));
    assert!(list.set(4, b"small", &limits));
    let texts: Vec<_> = list.iter().map(Cow::into_owned).collect();
    let expected = [&huge[..], b"small", b"s", b"b", b"small", b"c", b"d"];
    assert_eq!(texts, expected);
    assert_eq!(list.remove_matches(&huge, End::Tail, 5), 1);
    assert_eq!(list.place(-6), Some(0));
    assert_eq!(
        (list.place(-7), list.place(6), list.place(i64::MIN)),
        (None, None, None)
    );
}

#[test]
fn images_from_outside_are_checked() {
    let mut list = List::default();
    assert!(list.append_node(ListNode::Packed(b"junk".into())).is_none());
    let empty = [7, 0, 0, 0, 0, 0, 0xff];
    assert!(
        list.append_node(ListNode::Packed((&empty).into()))
            .is_some()
    );
    assert!(list.is_empty() && list.nodes().len() == 0);
    assert!(list.append_node(ListNode::Plain(b"")).is_some());
    assert_eq!(list.len(), 1);
}
