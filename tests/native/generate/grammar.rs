//! The usage of a row, read: which arguments a method has, and which options.

/// An argument, or arguments, in their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Param<'a> {
    One(&'a str),
    /// It may be left out, and then so must all behind it.
    Maybe(&'a str),
    /// One of these words.
    Choice(Vec<&'a str>),
    /// `numkeys key [key ...]`
    Keys,
    /// `x [x ...]`
    Many(&'a str),
    /// `[x [x ...]]`
    MaybeMany(&'a str),
    /// `a b [a b ...]`
    Pairs(&'a str, &'a str),
    /// Where the options stand.
    Options,
}

/// What follows an option's word.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Nothing,
    Words(Vec<&'a str>),
    /// One or more.
    List(&'a str),
    /// The option's word is repeated before each.
    Repeated(&'a str),
    /// One of these, each a word and what follows it.
    Choice(Vec<Vec<&'a str>>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Choice<'a> {
    pub name: &'a str,
    pub value: Value<'a>,
}

#[derive(Debug, Default)]
pub struct Grammar<'a> {
    pub params: Vec<Param<'a>>,
    /// In each group, one excludes the others.
    pub options: Vec<Vec<Choice<'a>>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Node<'a> {
    Word(&'a str),
    Bar,
    Group(Vec<Node<'a>>),
}

/// None: the usage is one that only words can follow.
pub fn read(usage: &str) -> Option<Grammar<'_>> {
    let spaced: Vec<&str> = usage
        .split(' ')
        .flat_map(split_brackets)
        .filter(|token| !token.is_empty())
        .collect();
    let nodes = nest(&mut spaced.into_iter());
    let mut grammar = Grammar::default();
    let mut rest = nodes.as_slice();
    while !rest.is_empty() {
        let used = grammar.take(rest)?;
        rest = &rest[used..];
    }
    let optional = |param: &Param| matches!(param, Param::Maybe(_));
    let mut after_optional = grammar.params.iter().skip_while(|param| !optional(param));
    if after_optional.any(|param| !matches!(param, Param::Maybe(_) | Param::Options)) {
        return None;
    }

    Some(grammar)
}

fn split_brackets(word: &str) -> Vec<&str> {
    let core = word.trim_start_matches('[');
    let inner = core.trim_end_matches(']');
    let opening = &word[..word.len() - core.len()];
    let closing = &core[inner.len()..];
    let each = |text: &'static str, count: usize| std::iter::repeat_n(text, count);

    each("[", opening.len())
        .chain([inner])
        .chain(each("]", closing.len()))
        .collect()
}

fn nest<'a>(tokens: &mut impl Iterator<Item = &'a str>) -> Vec<Node<'a>> {
    let mut nodes = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            "[" => nodes.push(Node::Group(nest(tokens))),
            "]" => break,
            "|" => nodes.push(Node::Bar),
            word => nodes.push(Node::Word(word)),
        }
    }

    nodes
}

fn is_upper(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_uppercase())
}

/// Whether a group is `[words ...]`.
fn repeats(node: Option<&Node>, words: &[&str]) -> bool {
    let Some(Node::Group(nodes)) = node else {
        return false;
    };
    let all = words.iter().copied().chain(["..."]).map(Node::Word);

    nodes.iter().cloned().eq(all)
}

impl<'a> Grammar<'a> {
    /// Reads what stands first; answers how many nodes that were.
    fn take(&mut self, nodes: &[Node<'a>]) -> Option<usize> {
        match &nodes[0] {
            Node::Word(word) if is_upper(word) => self.take_choice(nodes),
            Node::Word(word) => self.take_word(word, nodes),
            Node::Bar => None,
            Node::Group(inner) => {
                self.take_group(inner)?;
                Some(1)
            }
        }
    }

    fn take_choice(&mut self, nodes: &[Node<'a>]) -> Option<usize> {
        let mut words = Vec::new();
        let mut at = 0;
        while let Some(Node::Word(word)) = nodes.get(at) {
            words.push(*word);
            at += 1;
            if nodes.get(at) != Some(&Node::Bar) {
                break;
            }
            at += 1;
        }
        self.params.push(Param::Choice(words));

        Some(at)
    }

    fn take_word(&mut self, word: &'a str, nodes: &[Node<'a>]) -> Option<usize> {
        if word == "numkeys" {
            self.params.push(Param::Keys);
            return Some(3);
        }
        if repeats(nodes.get(1), &[word]) {
            self.params.push(Param::Many(word));
            return Some(2);
        }
        match nodes.get(1) {
            Some(Node::Bar) => return None,
            Some(Node::Word(second)) if repeats(nodes.get(2), &[word, second]) => {
                self.params.push(Param::Pairs(word, second));
                return Some(3);
            }
            _ => {}
        }
        self.params.push(Param::One(word));

        Some(1)
    }

    fn take_group(&mut self, nodes: &[Node<'a>]) -> Option<()> {
        let Some(Node::Word(first)) = nodes.first() else {
            return None;
        };
        if is_upper(first) {
            if self.params.last() != Some(&Param::Options) {
                self.params.push(Param::Options);
            }
            self.take_options(nodes);
            return Some(());
        }
        if repeats(nodes.get(1), &[first]) {
            self.params.push(Param::MaybeMany(first));
            return Some(());
        }
        for node in nodes {
            match node {
                Node::Word(word) => self.params.push(Param::Maybe(word)),
                Node::Group(inner) => self.take_group(inner)?,
                Node::Bar => return None,
            }
        }

        Some(())
    }

    fn take_options(&mut self, nodes: &[Node<'a>]) {
        let alternatives: Vec<&[Node]> = nodes.split(|node| *node == Node::Bar).collect();
        if let [Node::Word(name), Node::Word(second), ..] = nodes
            && is_upper(second)
        {
            let words = |nodes: &[Node<'a>]| nodes.iter().filter_map(word_of).collect();
            let mut choices: Vec<Vec<&str>> = alternatives.iter().map(|one| words(one)).collect();
            choices[0].remove(0);
            let value = Value::Choice(choices);
            self.options.push(vec![Choice { name, value }]);
            return;
        }
        let mut group = Vec::new();
        let mut flags = Vec::new();
        for alternative in alternatives {
            let words: Vec<&str> = alternative.iter().filter_map(word_of).collect();
            let Some((name, rest)) = words.split_first() else {
                continue;
            };
            let nested = alternative.last();
            let value = match rest {
                [] => Value::Nothing,
                [one] if repeats(nested, &[name, one]) => Value::Repeated(one),
                [one] if repeats(nested, &[one]) => Value::List(one),
                _ => {
                    if let Some(Node::Group(inner)) = nested {
                        flags.push(inner.as_slice());
                    }
                    Value::Words(rest.to_vec())
                }
            };
            group.push(Choice { name, value });
        }
        self.options.push(group);
        for nodes in flags {
            self.take_options(nodes);
        }
    }
}

fn word_of<'a>(node: &Node<'a>) -> Option<&'a str> {
    match node {
        Node::Word(word) => Some(word),
        _ => None,
    }
}

#[test]
fn usages_are_read() {
    let grammar = read(
        "key [NX | XX] [LIMIT offset count] [GET p [GET p ...]] score member [score member ...]",
    );
    let grammar = grammar.unwrap();
    assert_eq!(
        grammar.params,
        [
            Param::One("key"),
            Param::Options,
            Param::Pairs("score", "member")
        ]
    );
    let option = |name, value| Choice { name, value };
    assert_eq!(
        grammar.options,
        [
            vec![option("NX", Value::Nothing), option("XX", Value::Nothing)],
            vec![option("LIMIT", Value::Words(vec!["offset", "count"]))],
            vec![option("GET", Value::Repeated("p"))],
        ]
    );
    assert!(read("[username] password").is_none());
    assert!(read("old-format | new-format").is_none());
}
