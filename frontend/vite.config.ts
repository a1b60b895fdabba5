import { readdirSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { defineConfig } from 'vite'
import { iconSprite } from './build/icons.ts'
import { sweep } from './build/sweep.ts'

const here = import.meta.dirname
// In the workspace the server stands beside us; in a source archive it stands above us.
const server = process.env['TIREK_SERVER_SOURCE'] ?? resolve(here, '../packages/tirek/src/tirek')

// Each file in src/entries is one entry, loaded in a template by {% vite 'name' %}.
const entries = Object.fromEntries(
  readdirSync(resolve(here, 'src/entries'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [basename(name, '.ts'), resolve(here, 'src/entries', name)]),
)

export default defineConfig({
  root: here,
  base: './',
  plugins: [
    iconSprite({
      icons: resolve(here, 'node_modules/@tabler/icons/icons'),
      sources: [resolve(here, 'src'), server],
      list: resolve(here, 'src/icons.txt'),
    }),
    sweep(),
  ],
  worker: { format: 'es' },
  build: {
    outDir: resolve(server, 'ui/static/dist'),
    emptyOutDir: false, // sweep() takes away what is old, once the new is there
    manifest: 'manifest.json',
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    // htmx has a line with eval; it is switched off (parts/requests.ts), and the security policy forbids it.
    rolldownOptions: {
      input: { ...entries, 'inspection-sw': resolve(here, 'src/inspection/sw.ts') },
      // The server hands the service worker out under a lasting name (inspections.views.device).
      output: { entryFileNames: ({ name }) => (name === 'inspection-sw' ? '[name].js' : 'assets/[name]-[hash].js') },
      checks: { eval: false, bundlerTimings: false },
    },
  },
})
