// A small seeded generator of pseudo-random numbers (mulberry32): the same seed gives the same case everywhere.

export class Random {
  constructor (seed) {
    this.state = seed >>> 0
  }

  /** At least 0, below 1. */
  next () {
    this.state = (this.state + 0x6D2B79F5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** An integer from `low` to `high`, both included. */
  int (low, high) {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance (probability) {
    return this.next() < probability
  }

  pick (list) {
    return list[this.int(0, list.length - 1)]
  }
}
