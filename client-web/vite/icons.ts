import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

// `import Sun from 'icon:sun'` makes a component of a Lucide drawing: only the icons that are used ship,
// each in the part of the bundle that uses it.
export function icons(): Plugin {
  const prefix = '\0icon:';
  return {
    name: 'cluse:icons',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith('icon:') ? `${prefix}${id.slice('icon:'.length)}.js` : null),
    load(id) {
      if (!id.startsWith(prefix)) return null;
      const name = id.slice(prefix.length, -'.js'.length);
      const svg = readFileSync(`node_modules/lucide-static/icons/${name}.svg`, 'utf8');
      const shapes = [
        ...svg.matchAll(/<(path|circle|rect|line|polyline|polygon|ellipse)\s([^>]*?)\s*\/>/g),
      ].map(([, tag, attributes]) => [
        tag,
        Object.fromEntries([...(attributes ?? '').matchAll(/([\w-]+)="([^"]*)"/g)].map(([, k, v]) => [k, v])),
      ]);
      if (shapes.length === 0) this.error(`no shapes in the icon ${name}`);
      return `import { drawing } from '/src/ui/drawing.tsx';\nexport default /* @__PURE__ */ drawing(${JSON.stringify(shapes)});`;
    },
  };
}
