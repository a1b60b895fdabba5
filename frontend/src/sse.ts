/** Server-sent events from bytes (HTML standard, section 9.2.6): text in, events out; no sockets. */

export interface Message {
  id: string
  event: string
  data: string
}

export class EventParser {
  private buffer = ''
  private id = ''
  private event = ''
  private data: string[] = []

  /** Take the next piece of text; give the events that it completes. */
  push(text: string): Message[] {
    this.buffer += text
    const messages: Message[] = []
    // A CR at the very end may be the first half of CRLF: keep it for the next piece.
    const held = this.buffer.endsWith('\r') ? '\r' : ''
    const lines = this.buffer.slice(0, this.buffer.length - held.length).split(/\r\n|\n|\r/)
    this.buffer = (lines.pop() ?? '') + held
    for (const line of lines) {
      if (line === '') {
        if (this.data.length) messages.push({ id: this.id, event: this.event || 'message', data: this.data.join('\n') })
        this.event = ''
        this.data = []
        continue
      }
      const colon = line.indexOf(':')
      const name = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (name === 'data') this.data.push(value)
      else if (name === 'event') this.event = value
      else if (name === 'id') this.id = value
    }
    return messages
  }
}
