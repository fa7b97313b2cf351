// Keeps survey pages that were opened for a place without signal. It touches nothing but their GET, asks the network
// first, and its copies are of one version of the forms: a new version begins with new ones (docs/offline.md).
const NAME = "sukma-VERSION";
const isSurvey = (url) => url.origin === location.origin && url.pathname.startsWith("/s/");

const add = async (cache, url, options) => {
  const reply = await fetch(url, options);
  if (reply.ok && !reply.redirected) await cache.put(url.pathname, reply);
};
// The page that brought the worker is in the browser's own cache, so that no second request is made for it.
const fill = async () => {
  const cache = await caches.open(NAME), tasks = [];
  for (const tab of await clients.matchAll({ type: "window", includeUncontrolled: true })) {
    const url = new URL(tab.url);
    if (isSurvey(url)) tasks.push(add(cache, url, { cache: "force-cache" }));
  }
  for (const name of await older()) {
    for (const known of await (await caches.open(name)).keys()) tasks.push(add(cache, new URL(known.url), {}));
  }
  await Promise.all(tasks.map((task) => task.catch(() => {})));
};
const older = async () => (await caches.keys()).filter((name) => name.startsWith("sukma-") && name !== NAME);

// The network, but not for longer than 5 seconds where there is a copy: a weak signal may neither answer nor fail.
const answer = async (event, url) => {
  const cache = await caches.open(NAME), copy = await cache.match(url.pathname);
  const asked = fetch(event.request).then((reply) => {
    if (reply.ok) event.waitUntil(cache.put(url.pathname, reply.clone()));
    return (reply.status > 499 && copy) || reply;
  }).catch((error) => copy || Promise.reject(error));
  const patience = new Promise((done) => setTimeout(() => done(copy), 5000));
  return copy ? Promise.race([asked, patience]) : asked;
};

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(fill());
});
self.addEventListener("activate", (event) => {
  event.waitUntil(older().then((names) => Promise.all(names.map((name) => caches.delete(name)))));
  event.waitUntil(clients.claim());
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === "GET" && event.request.mode === "navigate" && isSurvey(url)) {
    event.respondWith(answer(event, url));
  }
});
