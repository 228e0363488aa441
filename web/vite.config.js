import { fileURLToPath } from 'node:url';
import postcssMantine from 'postcss-preset-mantine';
import { defineConfig } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The pages as files. `npm run desk` serves them while they are written, and passes what they ask on to a service at port 3000. */
export default defineConfig({
  root: at('.'),
  publicDir: at('public'),
  css: { postcss: { plugins: [postcssMantine()] } },
  server: {
    proxy: Object.fromEntries(['/api', '/login', '/docs'].map((path) => [path, 'http://127.0.0.1:3000'])),
  },
  build: {
    outDir: at('../dist/web'),
    emptyOutDir: true,
    assetsInlineLimit: 0, // the Content-Security-Policy lets nothing inline be used
    modulePreload: { polyfill: false },
    target: 'es2022',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900, // kB, before compression; what is loaded first is measured by bench/desk
    rolldownOptions: {
      onwarn: (warning, warn) => void (warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning)), // 'use client' means nothing here
    },
  },
});
