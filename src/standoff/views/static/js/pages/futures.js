// Follows a run on its way.
import { element, root } from "../common.js";
import { everyPage } from "./every.js";

for (const box of document.querySelectorAll('.job[data-state="running"]')) {
  const source = new EventSource(`${root}futures/jobs/${box.dataset.job}/events`);
  const bar = box.querySelector("progress");
  const stage = box.querySelector(".stage");
  source.addEventListener("job", (event) => {
    const job = JSON.parse(event.data);
    stage.textContent = job.state === "running" ? job.stage + (job.total ? `, ${job.done} of ${job.total} batches` : "") : job.state;
    bar.max = job.total || 1;
    bar.value = job.done;
    if (job.state === "running") return;
    source.close();
    box.dataset.state = job.state;
    box.querySelector("form")?.remove();
    bar.remove();
    for (const problem of job.problems) box.querySelector(".problems").append(element("li", "", problem));
    document.querySelector("#start button").disabled = false;
    if (job.state === "done") {
      const link = element("a", "", "Open the result");
      const account = new URLSearchParams({ account: document.getElementById("account").value, run: job.run });
      link.href = `${root}futures?${account}`;
      box.querySelector(".opened").append(link);
      if (new URLSearchParams(location.search).get("job") === job.id) location.assign(link.href);
    }
  });
}
everyPage();
