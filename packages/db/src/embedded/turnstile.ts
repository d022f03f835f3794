interface Waiter {
  alone: boolean;
  enter: () => void;
}

/**
 * Lets many pass together, or one alone, in the order of arrival. Single statements pass together; a transaction holds
 * the only connection alone until it is over.
 */
export class Turnstile {
  #inside = 0;
  #taken = false;
  readonly #queue: Waiter[] = [];

  /** Runs `work` beside other shared work. */
  async shared<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter(false);
    return this.#leaveAfter(work);
  }

  /** Runs `work` while nobody else is inside. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter(true);
    return this.#leaveAfter(work);
  }

  async #leaveAfter<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#inside -= 1;
      this.#taken = false;
      this.#admit();
    }
  }

  #enter(alone: boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#queue.push({ alone, enter: resolve });
    this.#admit();
    return promise;
  }

  #admit(): void {
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      if (this.#taken || (next.alone && this.#inside > 0)) return;
      this.#queue.shift();
      this.#inside += 1;
      this.#taken = next.alone;
      next.enter();
    }
  }
}
