/**
 * Answers come in any order. Each question gets a number; an answer counts only if nothing asked for later has been taken
 * already.
 */
export class Order {
  private asked = 0
  private taken = 0

  ask(): number {
    return ++this.asked
  }

  /** Whether nothing was asked for after this. */
  isNewest(number: number): boolean {
    return number === this.asked
  }

  /** Take the answer to a question, if none that was asked for later is there; says whether it was taken. */
  take(number: number): boolean {
    if (number < this.taken) return false
    this.taken = number
    return true
  }
}
