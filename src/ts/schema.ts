/**
 * Typed keys: `open<Schema>()` knows what each key holds. A schema maps keys, and patterns of keys, to values:
 *
 * ```ts
 * interface Schema {
 *   [user: `user:${string}`]: User;       // a JSON value: db.get(`user:${id}`) is User | null
 *   [tags: `tags:${string}`]: Set<string> // a set
 *   token: string;                        // a string
 *   conf: Hash<{ theme: 'light' | 'dark'; size: number }>;
 *   board: ZSet;
 *   queue: List;
 * }
 * ```
 *
 * In a quoted name, `${string}` and `${number}` stand for themselves: `'user:${string}': User` is the same as above.
 * Where several patterns fit a key, the narrowest holds. A command for another type does not compile.
 */
import type { Json } from './json.js';
import type { Key, Word } from './words.js';

declare const held: unique symbol;
declare const untyped: unique symbol;

/** In a schema: a hash with these fields. Redis keeps text, so a number is read as its text. */
export interface Hash<F extends object = Record<string, string>> {
  readonly [held]?: ['hash', F];
}

/** In a schema: a list of such elements. */
export interface List<E extends string | number = string> {
  readonly [held]?: ['list', E];
}

/** In a schema: a sorted set of such members. A set is JavaScript's own `Set<string>`. */
export interface ZSet<E extends string | number = string> {
  readonly [held]?: ['zset', E];
}

/** The schema of a database without one: any key may hold anything. */
export interface Untyped {
  readonly [untyped]: true;
}

/** What TYPE answers. */
export type KeyType = 'string' | 'list' | 'set' | 'zset' | 'hash' | 'stream' | 'ReJSON-RL' | 'none';

type Held<V> = V extends { readonly [held]?: infer H } ? NonNullable<H> : never;

/** What kind of value a schema's entry is. */
type KindOf<V> = V extends string | Uint8Array
  ? 'text'
  : V extends ReadonlySet<unknown>
    ? 'set'
    : typeof held extends keyof V
      ? Held<V> extends [infer Kind, unknown] ? Kind : never
      : 'json';

type Pattern<P extends string> = P extends `${infer A}\${string}${infer B}`
  ? `${A}${string}${Pattern<B>}`
  : P extends `${infer A}\${number}${infer B}`
    ? `${A}${number}${Pattern<B>}`
    : P;

/** The keys of a schema that hold values of such kinds; of any kind where none is named. */
export type KeyOf<S, Kind = unknown> = S extends Untyped
  ? Key
  : { [P in keyof S & string]: [KindOf<S[P]> & Kind] extends [never] ? never : Pattern<P> }[keyof S & string];

/** Keys whose value the schema does not say: all without a schema, none with one. */
export type KeyIn<S> = S extends Untyped ? Key : never;

/** Keys of values that `db.set` sets, in a schema. */
export type TypedKey<S> = S extends Untyped ? never : KeyOf<S, 'text' | 'json'>;

type Hits<S, K> = { [P in keyof S & string]: K extends Pattern<P> ? P : never }[keyof S & string];

type Narrower<P extends string, H extends string> = H extends P
  ? never
  : Pattern<H> extends Pattern<P> ? H : never;

type Narrowest<H extends string> = { [P in H]: [Narrower<P, H>] extends [never] ? P : never }[H];

/** Keys that are named, not fitted by a pattern. `keyof` hides those that a pattern fits too. */
type Named<S> = keyof { [P in keyof S as {} extends Record<P & string, 1> ? never : P]: 1 };

/** What the schema says that a key holds. */
type Entry<S, K> = K extends keyof S & Named<S> ? S[K] : At<S, Narrowest<Hits<S, K>>>;

// An intersection with `keyof S` would leave `user:${string}` & `tags:${string}` in it.
type At<S, P> = P extends keyof S ? S[P] : never;

type AsText<V> = V extends string ? V : V extends number | bigint ? `${V}` : string;

/** What `db.get` answers for a key. */
export type ValueOf<S, K> = S extends Untyped ? Json : Value<Entry<S, K>>;

type Value<V> = V extends Uint8Array ? string : KindOf<V> extends 'text' | 'json' ? V : never;

/** What `db.set` takes for a key. */
export type ValueFor<S, K> = Given<Entry<S, K>>;

type Given<V> = KindOf<V> extends 'text' | 'json' ? V : never;

/** Several keys and their values, as `db.setMany` takes them. */
export type ValuesFor<S> = S extends Untyped
  ? { readonly [key: string]: Json | object } | Iterable<readonly [Key, Json | object]>
  : ValuesIn<S> | Iterable<PairFor<S, TypedKey<S>>>;

type ValuesIn<S> = {
  readonly [P in keyof S as KindOf<S[P]> extends 'text' | 'json' ? Pattern<P & string> : never]?: Given<S[P]>;
};

type PairFor<S, K> = K extends unknown ? readonly [K, ValueFor<S, K>] : never;

type ElementOf<V> = V extends ReadonlySet<infer E> ? E : Held<V> extends ['list' | 'zset', infer E] ? E : never;

/** An element of a key's list, set or sorted set, as a reply has it: `T` is how strings come out. */
export type Element<T, S, K> = S extends Untyped ? T : T extends Uint8Array ? T : AsText<ElementOf<Entry<S, K>>>;

/** An element of a key's list, set or sorted set, as a call gives it. */
export type Item<S, K> = S extends Untyped ? Word : ElementOf<Entry<S, K>>;

type FieldsOf<V> = Held<V> extends ['hash', infer F] ? F : never;

/** A field of a key's hash, as a call gives it. */
export type FieldName<S, K> = S extends Untyped ? Word : keyof FieldsOf<Entry<S, K>> & string;

/** Fields and values, as a call gives them. */
export type FieldsFor<S, K> = S extends Untyped ? Fields : Partial<FieldsOf<Entry<S, K>>>;

/** Fields, or keys, and their values. */
export type Fields = { readonly [field: string]: Word } | ReadonlyMap<Word, Word>;

/** A hash's value, of one field or of any, as a call gives it. */
export type FieldGiven<S, K, F> = S extends Untyped ? Word : FieldsOf<Entry<S, K>>[F & keyof FieldsOf<Entry<S, K>>];

/** The same, as a reply has it. */
export type FieldValue<T, S, K, F = unknown> = S extends Untyped
  ? T
  : T extends Uint8Array ? T : AsText<FieldsOf<Entry<S, K>>[F & keyof FieldsOf<Entry<S, K>>]>;

/** A field's name, as a reply has it. */
export type FieldKey<T, S, K> = S extends Untyped ? T : T extends Uint8Array ? T : keyof FieldsOf<Entry<S, K>> & string;

/** A whole hash, as HGETALL answers it. Any field may be missing. */
export type HashOf<T, S, K> = S extends Untyped
  ? Record<string, T>
  : { [F in keyof FieldsOf<Entry<S, K>>]?: T extends Uint8Array ? T : AsText<FieldsOf<Entry<S, K>>[F]> };

/** Strings by their keys, as MSET takes them. */
export type Strings<S> = S extends Untyped ? Fields : { readonly [P in KeyOf<S, 'text'> & string]?: Word };

/** A type that JSON can say, field by field: `never` stands where a value could not be stored. */
export type Storable<V> = V extends string | number | boolean | null | Uint8Array
  ? V
  : V extends ((...args: never) => unknown) | Date | ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> | bigint | symbol | undefined
    ? never
    : { [P in keyof V]: Storable<Exclude<V[P], undefined>> };
