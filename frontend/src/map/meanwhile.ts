/**
 * What is told while something is fetched: the answer may have been read before it, and would undo it. Each fetch begins a
 * record of its own; the last word for each key is in it.
 */
export class Meanwhile<T> {
  private readonly open = new Set<Map<string, T>>()

  begin(): Map<string, T> {
    const record = new Map<string, T>()
    this.open.add(record)
    return record
  }

  note(key: string, value: T): void {
    for (const record of this.open) record.set(key, value)
  }

  end(record: Map<string, T>): void {
    this.open.delete(record)
  }
}
