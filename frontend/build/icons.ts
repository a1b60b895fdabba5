import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

// {% icon 'bell' %}, {% empty 'bell' ... %}, icon="bell", icon: 'bell' and icon('bell') all name an icon; so does the fourth
// argument of registry.nav and registry.user_link.
const USES = [
  /\b(?:icon|empty)(?:\s*[=(:]\s*|\s+)["']([a-z0-9][a-z0-9-]*)["']/g,
  /\b(?:nav|user_link)\(\s*"[^"]*",\s*\w+\("[^"]*"\),\s*"[^"]*",\s*"([a-z0-9][a-z0-9-]*)"/g,
]
const SOURCE = /\.(html|py|ts)$/

function* sources(under: string): Generator<string> {
  for (const entry of readdirSync(under, { withFileTypes: true })) {
    const path = join(under, entry.name)
    if (entry.isDirectory()) {
      if (entry.name !== 'static' && entry.name !== '__pycache__') yield* sources(path)
    } else if (SOURCE.test(entry.name)) yield path
  }
}

/** The names of icons that templates, Python and TypeScript use, and where each was first seen. */
function namesUsed(folders: string[], list: string): Map<string, string> {
  const names = new Map<string, string>()
  for (const line of readFileSync(list, 'utf8').split('\n')) {
    const name = line.replace(/#.*/, '').trim()
    if (name) names.set(name, list)
  }
  for (const under of folders)
    for (const path of sources(under))
      for (const use of USES)
        for (const [, name] of readFileSync(path, 'utf8').matchAll(use)) if (name && !names.has(name)) names.set(name, path)
  return names
}

/** One <symbol> from a Tabler icon: its shapes only; size and stroke come from the style sheet. */
function symbol(folder: string, name: string): string | null {
  const filled = name.endsWith('-filled')
  const path = join(folder, filled ? 'filled' : 'outline', `${filled ? name.slice(0, -7) : name}.svg`)
  if (!existsSync(path)) return null
  const shapes = readFileSync(path, 'utf8')
    .replace(/<!--.*?-->/gs, '')
    .replace(/^[\s\S]*?<svg[\s\S]*?>/, '')
    .replace('</svg>', '')
    .replace(/\s+/g, ' ')
    .replace(/> </g, '><')
    .trim()
  const paint = filled ? ' fill="currentColor" stroke="none"' : ''
  return `<symbol id="${name}" viewBox="0 0 24 24"${paint}>${shapes}</symbol>`
}

/**
 * Writes assets/icons-<hash>.svg with the icons in use, and names it in manifest.json as "icons.svg".
 * A name that Tabler does not have stops the build.
 */
export function iconSprite(options: { icons: string; sources: string[]; list: string }): Plugin {
  let reference = ''
  return {
    name: 'tirek-icons',
    apply: 'build',
    buildStart() {
      const symbols: string[] = []
      for (const [name, seen] of [...namesUsed(options.sources, options.list)].sort()) {
        const text = symbol(options.icons, name)
        if (text === null) this.error(`${seen} uses the icon "${name}", which @tabler/icons does not have`)
        symbols.push(text)
      }
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`
      reference = this.emitFile({ type: 'asset', name: 'icons.svg', originalFileName: 'icons.svg', source })
    },
    generateBundle() {
      if (!this.getFileName(reference)) this.error('the icon sprite was not written')
    },
  }
}
