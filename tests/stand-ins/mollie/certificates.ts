import tls from 'node:tls';
import { generate } from 'selfsigned';

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

/** An authority made for this run, and certificates for this computer signed by it. */
export interface TestAuthority {
  readonly cert: string;
  forThisComputer(): Promise<ServerCertificate>;
}

export async function makeAuthority(name: string): Promise<TestAuthority> {
  const authority = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return {
    cert: authority.cert,
    async forThisComputer() {
      const made = await generate([{ name: 'commonName', value: 'localhost' }], {
        keyType: 'ec',
        algorithm: 'sha256',
        ca: { key: authority.private, cert: authority.cert },
        extensions: [
          { name: 'basicConstraints', cA: false },
          {
            name: 'subjectAltName',
            altNames: [
              { type: 2, value: 'localhost' },
              { type: 7, ip: '127.0.0.1' },
            ],
          },
        ],
      });
      return { key: made.private, cert: made.cert };
    },
  };
}

/**
 * Lets this process trust one more authority, also where a program brings its own list, as Mollie's client does:
 * NODE_EXTRA_CA_CERTS is not looked at then. Verification stays on. A child process does the same with
 * `--import trust-authority.mjs`. Answers how to take it back.
 */
export function trustAuthority(cert: string): () => void {
  const before = tls.createSecureContext;
  // Reading the client's own list of some 130 authorities takes longer than all the rest of a call.
  const made = new Map<unknown, tls.SecureContext>();
  tls.createSecureContext = (options) => {
    const isClients = options?.ca !== undefined && options.cert === undefined;
    const known = isClients ? made.get(options.ca) : undefined;
    if (known) return known;
    const context = before(options);
    (context.context as { addCACert(cert: string): void }).addCACert(cert);
    if (isClients) made.set(options.ca, context);
    return context;
  };
  return () => {
    tls.createSecureContext = before;
  };
}
