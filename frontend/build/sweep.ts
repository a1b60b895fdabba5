import { readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Plugin } from 'vite'

/**
 * Takes the files of earlier builds away after the new ones are written, so that a server that runs meanwhile never finds the
 * folder empty.
 */
export function sweep(): Plugin {
  return {
    name: 'tirek-sweep',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      if (!dir) return
      const fresh = new Set(Object.keys(bundle).map((name) => basename(name)))
      const folder = join(dir, 'assets')
      for (const name of readdirSync(folder)) if (!fresh.has(name)) rmSync(join(folder, name))
    },
  }
}
