import { METHOD_SCRIPTS } from './test-methods.ts';

/**
 * Stands in for Stripe's script in browser journeys: it draws its form in a frame of its own origin, as Stripe does, with
 * named test methods and no field for a number, and speaks to the stand-in only.
 */
export function stripeScript(origin: string): string {
  return `'use strict';
(function () {
  var origin = ${JSON.stringify(origin)};
  function post(path, body) {
    return fetch(origin + path, { method: 'POST', body: new URLSearchParams(body) }).then(function (response) { return response.json(); });
  }
  window.Stripe = function (key) {
    var chosen = 'pm_card_visa';
    window.addEventListener('message', function (event) {
      if (event.origin === origin && event.data && event.data.standInMethod) chosen = event.data.standInMethod;
    });
    return {
      elements: function (options) {
        return {
          clientSecret: options.clientSecret,
          create: function () {
            var listeners = {};
            return {
              on: function (name, listener) { listeners[name] = listener; },
              mount: function (selector) {
                var frame = document.createElement('iframe');
                frame.title = 'Secure payment input frame';
                frame.style.width = '100%';
                frame.style.height = '120px';
                frame.style.border = '0';
                frame.style.colorScheme = 'light dark';
                frame.src = origin + '/browser/element';
                frame.onload = function () { if (listeners.ready) listeners.ready(); };
                document.querySelector(selector).appendChild(frame);
              }
            };
          }
        };
      },
      confirmSetup: function (options) {
        return post('/browser/setup', { key: key, client_secret: options.elements.clientSecret, method: chosen });
      },
      handleNextAction: function (options) {
        var confirms = window.confirm('Test bank: confirm this payment?');
        return post('/browser/confirm', { key: key, client_secret: options.clientSecret, method: '', confirms: String(confirms) });
      },
      confirmPayment: function (options) {
        var confirms = window.confirm('Test bank: confirm this payment?');
        return post('/browser/confirm', {
          key: key, client_secret: options.clientSecret, method: options.confirmParams.payment_method || '', confirms: String(confirms)
        });
      }
    };
  };
})();`;
}

/** The inside of the form's frame. */
export function elementPage(): string {
  const options = Object.keys(METHOD_SCRIPTS)
    .map((name) => `<option value="${name}">${name}</option>`)
    .join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Payment element</title>
<style>:root{color-scheme:light dark}body{margin:0;font:14px system-ui,sans-serif}label{display:block;margin:0 0 8px}select{font:inherit;width:100%;min-height:40px}</style></head>
<body><label for="method">Test method</label><select id="method" name="method">${options}</select>
<script>document.getElementById('method').addEventListener('change', function (event) {
  parent.postMessage({ standInMethod: event.target.value }, '*');
});</script></body></html>`;
}
