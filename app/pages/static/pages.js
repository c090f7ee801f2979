// Everything works without this file; with it, errors take the focus, the menu folds and names have a
// button that copies them. Without it a name is selected whole by one click.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

function copyButton(text, said) {
  const button = document.createElement("button");
  const name = document.createElement("span");
  button.type = "button";
  button.className = "app-copy app-no-print";
  name.className = "govuk-visually-hidden";
  name.textContent = { all: " all names", words: " these words" }[text.dataset.copy] ?? ` ${text.textContent}`;
  button.append("Copy", name);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = `Copied${name.textContent}`;
      button.firstChild.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      said.textContent = "Selected; copy it with the keyboard";
    }
    setTimeout(() => { button.firstChild.textContent = "Copy"; }, 2000);
  });
  return button;
}

const texts = document.querySelectorAll("[data-copy]");
if (texts.length && navigator.clipboard) {
  const said = document.createElement("p");
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  document.querySelector("main").append(said);
  for (const text of texts) text.after(copyButton(text, said));
}

// The questions are left under an address with what was typed, which Back then finds.
const answers = document.querySelector("form[data-keep]");
answers?.addEventListener("submit", () => {
  const typed = [...new FormData(answers)].filter(([name, text]) => text || name.startsWith("try_again"));
  const query = new URLSearchParams([...typed, ["change", "yes"]]);
  const address = `${answers.getAttribute("action")}?${query}`;
  if (address.length <= Number(answers.dataset.keep)) history.replaceState(null, "", address);
});
