// For a program under test that has to trust the stand-in: `node --import ./trust-authority.mjs …` with the path of the
// authority's certificate in COUNTERFOIL_TEST_AUTHORITY. Mollie's client brings its own list of authorities, so that
// NODE_EXTRA_CA_CERTS has no effect on it; verification stays on.
import { readFileSync } from 'node:fs';
import tls from 'node:tls';

const path = process.env.COUNTERFOIL_TEST_AUTHORITY;
if (path) {
  const cert = readFileSync(path, 'utf8');
  const before = tls.createSecureContext;
  tls.createSecureContext = (options) => {
    const made = before(options);
    made.context.addCACert(cert);
    return made;
  };
}
