// Waits for events with a deadline; sleeps only where no event exists.

/// Deadline of one answer: long enough for a sanitizer on a busy machine with two cores.
export const DefaultTimeout = 20_000;

/// Returns the value of the promise, or throws an error that names the awaited event.
export async function within(promise, what, ms = DefaultTimeout) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => {
      const detail = typeof what === 'function' ? what() : what;
      reject(new Error(`nothing for ${ms} ms: ${detail}`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/// Polls a condition without an event, such as a number in /proc.
export async function poll(holds, what, ms = DefaultTimeout) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > end) throw new Error(`did not come true in ${ms} ms: ${what}`);
    await pause(20);
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/// Resolves in the next turn of the event loop. A test awaits it between two writes, so that the
/// socket sends them in separate segments.
export const turn = () => new Promise((resolve) => setImmediate(resolve));

/// A queue of values with an end.
export class Queue {
  #values = [];
  #waiting = [];
  #ended = false;

  push(value) {
    const next = this.#waiting.shift();
    if (next) next(value);
    else this.#values.push(value);
  }
  end() {
    this.#ended = true;
    for (const next of this.#waiting.splice(0)) next(null);
  }
  /// Returns the next value; null after the end.
  async next(what, ms) {
    if (this.#values.length > 0) return this.#values.shift();
    if (this.#ended) return null;
    let mine;
    const coming = new Promise((resolve) => this.#waiting.push((mine = resolve)));
    try {
      return await within(coming, what, ms);
    } catch (error) {
      this.#waiting = this.#waiting.filter((one) => one !== mine);
      throw error;
    }
  }
}
