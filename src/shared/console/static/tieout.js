/* What a page does beyond HTML: times in the reader's own zone, live outcomes, and no button pressed twice.
   Everything works without it. */
"use strict";
(() => {
  const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

  const local = (root) => {
    for (const one of root.querySelectorAll("time[datetime]")) {
      const at = new Date(one.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      one.title = one.dateTime.replace("T", " ").replace("Z", " UTC");
      one.textContent = full.format(at);
    }
  };

  const fetched = async (address, more) => {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "error", ...more });
    if (!answer.ok) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };

  /* A part of another page, such as the chart, which the first page does not wait for. */
  const parts = () => {
    for (const one of document.querySelectorAll("[data-fetch]")) {
      fetched(one.dataset.fetch).then((page) => {
        const part = page.getElementById(one.dataset.part);
        if (part) one.querySelector("p")?.replaceWith(...part.childNodes);
      }).catch(() => {});
    }
  };

  /* Looks again while something is on its way. A session that ended, or a fault, ends the looking. */
  const follow = () => {
    const live = document.querySelector("[data-live][data-follow]");
    if (!live) return;
    const again = async () => {
      try {
        const fresh = (await fetched(location.href)).querySelector("[data-live]");
        if (!fresh) return;
        const ended = !("follow" in fresh.dataset);
        if (ended) {
          const page = new URL(location.href);
          for (const name of ["since", "done", "n", ...(page.pathname.endsWith("/log") ? [] : ["run"])]) page.searchParams.delete(name);
          history.replaceState(null, "", page);
          const whole = await fetched(page.href);
          local(whole);
          document.getElementById("main").replaceChildren(...whole.getElementById("main").childNodes);
          parts();
          return;
        }
        if (fresh.innerHTML !== shown) {
          shown = fresh.innerHTML;
          local(fresh);
          live.replaceChildren(...fresh.childNodes);
        }
        setTimeout(again, 2000);
      } catch { /* the page stays as it is */ }
    };
    let shown = live.innerHTML;
    setTimeout(again, 1500);
  };

  /* What is edited is checked as one goes: the same form, sent as its own "Check" button would, and only what
     it says comes back. */
  let check = 0;
  const checked = (form) => {
    const asked = check += 1;
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "apply");
    fetched(form.action, { method: "POST", body }).then((page) => {
      const old = document.querySelector("[data-checked]"), fresh = page.querySelector("[data-checked]");
      if (!fresh || asked !== check || form.dataset.sent) return;
      local(fresh);
      old.replaceChildren(...fresh.childNodes);
    }).catch(() => {});
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-check]");
    if (form) checked(form);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  local(document);
  parts();
  follow();
})();
