// Everything works without this file; with it, errors take the focus and the menu folds.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
