/** Lets Node load the pages' scripts as they are written: vite's imports without an ending, and styles, which are nothing here. */
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

registerHooks({
  resolve(name, context, next) {
    if (name.endsWith('.scss')) return { url: 'data:text/javascript,', shortCircuit: true }
    if (name.startsWith('.') && context.parentURL) {
      const typed = new URL(`${name}.ts`, context.parentURL)
      if (existsSync(fileURLToPath(typed))) return next(typed.href, context)
    }
    return next(name, context)
  },
})
