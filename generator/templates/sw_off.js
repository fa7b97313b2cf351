// The site keeps no pages on phones (`offline: none` in the registry): the worker of before and its copies go.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  const forget = async () => {
    for (const name of await caches.keys()) if (name.startsWith("sukma-")) await caches.delete(name);
    await registration.unregister();
  };
  event.waitUntil(forget());
});
