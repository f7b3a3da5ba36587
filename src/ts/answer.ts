/** How the answer to a call reaches its caller: the same methods stand for calls run now, later, or in a row. */
import type { KilatError } from './errors.js';
import type { Chain } from './multi.js';

/** Reads are answered at once, writes by a promise: a database in this thread. */
export interface Now {
  readonly mode: 'now';
}

/** All is answered by promises: a database in another thread. */
export interface Later {
  readonly mode: 'later';
}

/** Calls are gathered; `Q` is what those before will answer. */
export interface Queued<Q extends readonly unknown[], S> {
  readonly mode: 'queued';
  readonly answers: Q;
  readonly schema: S;
}

/** What a method answers that reads. */
export type Read<M, R> = M extends Now ? R : Answered<M, R>;

/** What a method answers that writes. */
export type Write<M, R> = M extends Now ? Promise<R> : Answered<M, R>;

type Answered<M, R> = M extends Queued<infer Q extends readonly unknown[], infer S> ? Chain<[...Q, R | KilatError], S> : Promise<R>;

/** `A` where the option is given, `B` where it is not, both where the compiler cannot know. */
export type If<F, A, B> = F extends false ? B : A;

/** Whether a word stands among the words of a call. */
export type Has<W extends readonly unknown[], Name extends string> = string extends W[number]
  ? boolean
  : Name extends Uppercase<Extract<W[number], string>>
    ? true
    : false;

/** Options, and which of those are given that change the answer. */
export type With<O, F> = O & F;

/** Options of which one excludes the others. */
export type OneOf<O> = { [P in keyof O]: { [Q in P]?: O[Q] } & { [Q in Exclude<keyof O, P>]?: undefined } }[keyof O];

/** One after the other, or in arrays. */
export type Many<X> = (X | readonly X[])[];
