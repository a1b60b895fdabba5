/** The phone's store. A transaction is written whole or not at all, and what has been written survives a kill. */

export const STORES = ['meta', 'visits', 'requirements', 'editions', 'changes', 'pictures', 'bytes', 'drafts'] as const
export type Store = (typeof STORES)[number]

export interface Tx {
  get<T>(store: Store, key: string): Promise<T | undefined>
  all<T>(store: Store): Promise<T[]>
  put(store: Store, key: string, value: unknown): void
  delete(store: Store, key: string): void
}

/** Where drafts are kept. Inside `work` nothing but the transaction may be awaited. */
export interface Box {
  read<T>(stores: Store[], work: (tx: Tx) => Promise<T>): Promise<T>
  write<T>(stores: Store[], work: (tx: Tx) => Promise<T>): Promise<T>
}

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error ?? new Error('IndexedDB'))
  })

/** Each person has a database of their own: nobody sees the drafts of another. */
export const databaseOf = (person: string): string => `tirek-inspection-${person}`

export class IdbBox implements Box {
  private readonly db: IDBDatabase

  private constructor(db: IDBDatabase) {
    this.db = db
  }

  static async open(person: string): Promise<IdbBox> {
    const request = indexedDB.open(databaseOf(person), 1)
    request.onupgradeneeded = () => {
      for (const name of STORES) request.result.createObjectStore(name)
    }
    const db = await asked(request)
    db.onversionchange = () => db.close() // a newer app in another tab
    return new IdbBox(db)
  }

  read<T>(stores: Store[], work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.run(stores, 'readonly', work)
  }

  write<T>(stores: Store[], work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.run(stores, 'readwrite', work)
  }

  private run<T>(stores: Store[], mode: IDBTransactionMode, work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise((done, failed) => {
      const transaction = this.db.transaction(stores, mode, { durability: 'strict' })
      let result: T
      let problem: unknown
      transaction.oncomplete = () => done(result)
      transaction.onabort = () => failed(problem ?? transaction.error ?? new Error('IndexedDB'))
      work(new IdbTx(transaction)).then(
        (value) => (result = value),
        (error: unknown) => {
          problem = error
          try {
            transaction.abort()
          } catch {
            failed(error) // it had ended already
          }
        },
      )
    })
  }
}

class IdbTx implements Tx {
  private readonly transaction: IDBTransaction

  constructor(transaction: IDBTransaction) {
    this.transaction = transaction
  }

  get<T>(store: Store, key: string): Promise<T | undefined> {
    return asked(this.transaction.objectStore(store).get(key) as IDBRequest<T | undefined>)
  }
  all<T>(store: Store): Promise<T[]> {
    return asked(this.transaction.objectStore(store).getAll() as IDBRequest<T[]>)
  }
  put(store: Store, key: string, value: unknown): void {
    this.transaction.objectStore(store).put(value, key)
  }
  delete(store: Store, key: string): void {
    this.transaction.objectStore(store).delete(key)
  }
}
