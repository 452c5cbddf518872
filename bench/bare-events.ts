import { createServer } from 'node:http';
import Stripe from 'stripe';

/** The rival of the events bench as a process of its own: node's HTTP server, and Stripe's own check of the signature. */
export async function runBareEvents({ secret }: { secret: string }): Promise<void> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      try {
        Stripe.webhooks.constructEvent(Buffer.concat(chunks), request.headers['stripe-signature'] ?? '', secret, 300);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"received":true}');
      } catch {
        response.writeHead(400).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  console.log(`listening on http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`);
  process.on('SIGTERM', () => process.exit(0));
}
