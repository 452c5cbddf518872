/**
 * The one script of ours on a payment page, let in by its hash. It asks Stripe's script for the form or the confirmation
 * and shows what that says; whether a card was saved or a payment made is read from Stripe by the server, never from here.
 */
export const PAGE_SCRIPT = `'use strict';
(function () {
  var page = document.getElementById('page');
  var data = JSON.parse(page.getAttribute('data-page'));
  var form = document.getElementById('form');
  var go = document.getElementById('go');
  var problem = document.getElementById('problem');
  var done = document.getElementById('done');
  function say(words) { problem.textContent = words || ''; }
  function finish() { form.hidden = true; done.hidden = false; }
  if (typeof window.Stripe !== 'function') {
    say('The form could not be loaded. Check your connection and open this page again.');
    return;
  }
  var stripe = window.Stripe(data.publishableKey);
  var elements = null;
  if (data.task === 'setup') {
    var dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
    elements = stripe.elements({ clientSecret: data.clientSecret, appearance: { theme: dark ? 'night' : 'stripe' } });
    var element = elements.create('payment', { wallets: { link: 'never' } });
    element.on('ready', function () { go.disabled = false; });
    element.on('loaderror', function () { say('The form could not be loaded. Open this page again.'); });
    element.mount('#element');
  } else {
    go.disabled = false;
  }
  function ask() {
    if (data.task === 'setup') {
      return stripe.confirmSetup({ elements: elements, confirmParams: { return_url: data.returnUrl }, redirect: 'if_required' });
    }
    // It is confirmed already, and waits for the customer's bank.
    if (data.awaitsBank) return stripe.handleNextAction({ clientSecret: data.clientSecret });
    var params = { return_url: data.returnUrl };
    if (data.methodRef) params.payment_method = data.methodRef;
    return stripe.confirmPayment({ clientSecret: data.clientSecret, confirmParams: params, redirect: 'if_required' });
  }
  form.addEventListener('submit', function (event) {
    event.preventDefault();
    go.disabled = true;
    say('');
    ask().then(function (result) {
      var left = result.paymentIntent && result.paymentIntent.status === 'requires_payment_method';
      if (!result.error && !left) return finish();
      if (left) data.awaitsBank = false;
      if (!result.error) result = { error: {} };
      say(result.error.message || 'That did not work. Try again, or use another card.');
      go.disabled = false;
    }, function () {
      say('The connection broke. Try again.');
      go.disabled = false;
    });
  });
})();`;
