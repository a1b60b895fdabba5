/**
 * What a search box has found, and for which text. Enter may take only what belongs to the text that stands in the box now:
 * what is shown while one types, or while the answer is on its way, was found for another.
 */
export class Finder<T> {
  private text: string | null = null
  private asked: Promise<T[]> | null = null
  private known: T[] | null = null
  private readonly ask: (text: string) => Promise<T[]>

  constructor(ask: (text: string) => Promise<T[]>) {
    this.ask = ask
  }

  /** What was found for `text`; null while that is not known. */
  of(text: string): T[] | null {
    return text === this.text ? this.known : null
  }

  /** Find what `text` means; null when something else was asked for before the answer came. A text on its way is not asked twice. */
  async find(text: string): Promise<T[] | null> {
    if (text !== this.text || !this.asked) {
      this.text = text
      this.known = null
      this.asked = this.ask(text)
    }
    const asked = this.asked
    try {
      const found = await asked
      if (asked !== this.asked) return null
      return (this.known = found)
    } catch (error) {
      if (asked !== this.asked) return null
      this.forget() // to ask once more for the same text is not in vain
      throw error
    }
  }

  /** The box was closed, or has another text: what was found, or is on its way, is not for it. */
  forget(): void {
    this.text = this.asked = this.known = null
  }
}
