// A request as a curl command, for a POSIX shell.

const quote = value => `'${String(value).replaceAll("'", "'\\''")}'`;

export function curl({ method, address, headers, body }) {
  const lines = [`curl -N${method === 'GET' ? '' : ` -X ${method}`} ${quote(address.href)}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quote(`${name}: ${value}`)}`);
  // --data-raw, for --data would read a file where the body begins with @.
  if (body) lines.push(`--data-raw ${quote(body)}`);
  return lines.join(' \\\n  ');
}
