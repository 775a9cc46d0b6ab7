// The views by their addresses (behind #), each a module that is loaded when it is first shown. `nav` is the text in the bar,
// `role` the least role that sees it there.
export const routes = [
  { path: '/', view: 'overview', nav: 'Overview' },
  { path: '/shares', view: 'shares', nav: 'Shares' },
  { path: '/shares/:share', view: 'share', under: '/shares' },
  { path: '/shares/:share/:schema/:table', view: 'table', under: '/shares' },
  { path: '/recipients', view: 'recipients', nav: 'Recipients' },
  { path: '/recipients/:recipient', view: 'recipient', under: '/recipients' },
  { path: '/publications', view: 'publications', nav: 'Publications' },
  { path: '/publish', view: 'publish', under: '/publications' },
  { path: '/usage', view: 'usage', nav: 'Usage' },
  { path: '/audit', view: 'audit', nav: 'Audit', role: 'ADMIN' },
  { path: '/principals', view: 'principals', nav: 'Principals', role: 'ADMIN' },
];

/** The route of an address and the names in it, or undefined. */
export function match(address) {
  const parts = address.split('/').map(decode);
  for (const route of routes) {
    const wanted = route.path.split('/');
    if (wanted.length === parts.length && wanted.every((part, i) => (part.startsWith(':') && parts[i] !== '') || part === parts[i])) {
      const params = {};
      wanted.forEach((part, i) => part.startsWith(':') && (params[part.slice(1)] = parts[i]));
      return { route, params };
    }
  }
  return undefined;
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
