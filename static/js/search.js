// The search page without reloading, and completions in its search field. Everything
// works without this file; htmx fetches the pages, this tells and completes.

"use strict";

const WAIT_MS = 120;

/** Say the new number of results to those who do not see the page change. */
function announce() {
  const told = document.getElementById("announced");
  const total = document.getElementById("total");
  if (told && total) {
    told.textContent = total.firstChild.textContent.trim();
  }
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "results") {
    return;
  }
  announce();
  complete(document.getElementById("q"));
  if (document.activeElement === document.body) {
    document.getElementById("main").focus({ preventScroll: true });
  }
});

// A search that cannot be fetched is opened as a page, which says what is wrong.
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, (event) => {
    window.location.assign(event.detail.pathInfo.requestPath);
  });
}

/** Make a search field a combobox that offers what the archive holds. */
function complete(field) {
  if (!field || !field.dataset.complete || field.getAttribute("role") === "combobox") {
    return;
  }
  const list = document.createElement("ul");
  list.id = "completions";
  list.className = "completions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0].textContent);
  list.hidden = true;
  field.after(list);
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-controls", list.id],
    ["aria-expanded", "false"],
  ]) {
    field.setAttribute(name, value);
  }
  let timer = 0;
  let asked = "";
  let chosen = -1;

  function close() {
    window.clearTimeout(timer);
    asked = "";
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    const options = list.children;
    chosen = (place + options.length + 1) % (options.length + 1);
    for (const [number, option] of [...options].entries()) {
      option.setAttribute("aria-selected", String(number === chosen));
    }
    // One place more than there are options: back in the field.
    if (chosen === options.length) {
      chosen = -1;
      field.removeAttribute("aria-activedescendant");
      return;
    }
    field.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    if (option.dataset.url) {
      window.location.assign(option.dataset.url);
      return;
    }
    field.value = option.dataset.query;
    close();
    field.form.requestSubmit();
  }

  function offer(text, data) {
    const option = document.createElement("li");
    option.id = `completion-${list.children.length}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const words = document.createElement("bdi");
    words.dir = "auto";
    words.textContent = text;
    option.append(words);
    if (data.of) {
      const of = document.createElement("span");
      of.className = "of";
      of.textContent = data.of;
      option.append(of);
    }
    Object.assign(option.dataset, data);
    // Before the field loses the focus, which closes the list.
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(option);
    });
    list.append(option);
  }

  async function ask() {
    const typed = field.value;
    asked = typed;
    const address = new URL(field.dataset.complete, window.location.href);
    address.searchParams.set("q", typed);
    let found;
    try {
      const response = await fetch(address);
      if (!response.ok) {
        return;
      }
      found = await response.json();
    } catch {
      return;
    }
    if (asked !== typed) {
      return;
    }
    list.replaceChildren();
    chosen = -1;
    for (const query of found.queries) {
      offer(query, { query });
    }
    for (const title of found.titles) {
      offer(title.title, { url: title.url, of: field.dataset.articles });
    }
    for (const source of found.sources) {
      offer(source.name, { url: source.url, of: field.dataset.sources });
    }
    list.hidden = !list.children.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
  }

  field.addEventListener("input", () => {
    window.clearTimeout(timer);
    if (field.value.trim().length < 2) {
      close();
      return;
    }
    timer = window.setTimeout(ask, WAIT_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? list.children.length - 1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(list.children[chosen]);
    }
  });
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
}

complete(document.getElementById("q"));
