// The quiz in the browser: shows a page, asks, and says "saved" only when the kernel has said so.
// It holds no key. Markup of prompts and options was made by the course's build.

const PATIENCE_MS = 3000;
const TYPING_MS = 500;
const NO_SHORTCUTS = "data-lm-suppress-shortcuts";
// What learners read is the kernel's to say, in their language: `_words` of quiz_widget.py.
let words = {};
let instances = 0;

function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function isSave(event) {
  return (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
}

// Saving the notebook is the one shortcut that is wanted inside. JupyterLab listens on the
// document, so this runs on the window, before it.
function letSaveThrough(event) {
  if (!isSave(event) || !event.target.hasAttribute?.(NO_SHORTCUTS)) return;
  event.target.removeAttribute(NO_SHORTCUTS);
  setTimeout(() => event.target.setAttribute(NO_SHORTCUTS, "true"), 0);
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "html") made.innerHTML = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value != null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  // JupyterLab's shortcuts look at the focused element itself: `b` would insert a cell.
  if (["input", "button", "textarea"].includes(name)) {
    made.setAttribute(NO_SHORTCUTS, "true");
    made.addEventListener("keydown", (event) => isSave(event) || event.stopPropagation());
  }
  return made;
}

class Kernel {
  constructor(model, say) {
    this.model = model;
    this.say = say;
    this.waiting = new Map();
    this.sequence = 0;
    this.heard = (message) => this.hear(message);
    model.on("msg:custom", this.heard);
  }
  ask(message, done) {
    const seq = ++this.sequence;
    const timer = setTimeout(() => {
      this.waiting.delete(seq);
      this.say(words.no_kernel, "nbq-bad");
    }, PATIENCE_MS);
    this.waiting.set(seq, { timer, done });
    try {
      this.model.send({ ...message, seq });
    } catch (error) {
      clearTimeout(timer);
      this.waiting.delete(seq);
      this.say(words.no_kernel, "nbq-bad");
    }
  }
  hear(message) {
    const waiting = this.waiting.get(message.seq);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.waiting.delete(message.seq);
    if (message.type === "unknown") {
      this.say(words.not_known, "nbq-bad");
    } else {
      waiting.done(message);
    }
  }
  close() {
    this.model.off("msg:custom", this.heard);
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
  }
}

// One question's field: returns what to put on the page, and calls `changed(answer)`.
function choiceField(question, name, changed) {
  const several = question.kind === "multiple";
  const chosen = new Set([].concat(question.answer ?? []));
  return question.entries.map((entry) => {
    const input = element("input", {
      type: several ? "checkbox" : "radio",
      name,
      value: entry.id,
      onchange: () => {
        if (!several) chosen.clear();
        if (input.checked) chosen.add(entry.id);
        else chosen.delete(entry.id);
        changed(several ? [...chosen] : entry.id, entry.id);
      },
    });
    input.checked = chosen.has(entry.id);
    return element("label", {}, input, element("span", { html: entry.html }));
  });
}

function textField(question, name, changed) {
  const long = question.kind === "written";
  const id = `${name}-field`;
  const label = long ? filled(words.answer_long, { count: question.words }) : words.answer;
  const unit = question.unit ? ` (${filled(words.unit, { unit: question.unit })})` : "";
  const field = element(long ? "textarea" : "input", {
    id,
    type: long ? null : "text",
    autocomplete: "off",
    inputmode: question.kind === "numeric" ? "text" : null,
    spellcheck: long ? "true" : "false",
  });
  field.value = question.answer ?? "";
  let timer = null;
  let last = field.value;
  const send = () => {
    clearTimeout(timer);
    if (field.value !== last) changed((last = field.value));
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(send, TYPING_MS);
  });
  field.addEventListener("change", send);
  field.addEventListener("blur", send);
  return [element("label", { for: id }, label + unit), field];
}

function orderField(question, name, changed) {
  const byId = new Map(question.entries.map((entry) => [entry.id, entry]));
  let order = [].concat(question.answer ?? []).filter((id) => byId.has(id));
  const box = element("div");
  const move = (id, to, focus) => {
    order = order.filter((other) => other !== id);
    if (to >= 0) order.splice(to, 0, id);
    draw();
    const wanted = box.querySelector(`[data-focus="${CSS.escape(`${focus} ${id}`)}"]:not(:disabled)`);
    (wanted ?? box.querySelector(`[data-id="${CSS.escape(id)}"] button:not(:disabled)`))?.focus();
    changed([...order]);
  };
  const button = (label, entry, what, act, disabled = false) =>
    element(
      "button",
      { type: "button", "aria-label": `${label}: ${entry.text}`, "data-focus": `${what} ${entry.id}`,
        disabled, onclick: act },
      what,
    );
  const line = (entry, ...buttons) =>
    element("li", { "data-id": entry.id },
      element("div", { class: "nbq-line" }, element("span", { html: entry.html }), ...buttons));
  function draw() {
    const own = order.map((id, i) => {
      const entry = byId.get(id);
      return line(
        entry,
        button(words.move_up, entry, "↑", () => move(id, i - 1, "↑"), i === 0),
        button(words.move_down, entry, "↓", () => move(id, i + 1, "↓"), i === order.length - 1),
        button(words.take_out_label, entry, words.take_out, () => move(id, -1, words.put_in)),
      );
    });
    const rest = question.entries.filter((entry) => !order.includes(entry.id)).map((entry) =>
      line(entry, button(words.put_in_label, entry, words.put_in, () => move(entry.id, order.length, "↑"))));
    box.replaceChildren(
      element("p", { id: `${name}-own` }, own.length ? words.order : words.order_empty),
      element("ol", { "aria-labelledby": `${name}-own` }, ...own),
      element("p", { id: `${name}-rest` }, rest.length ? words.not_in : words.all_in),
      element("ul", { "aria-labelledby": `${name}-rest` }, ...rest),
    );
    for (const list of box.querySelectorAll("ol, ul")) if (!list.children.length) list.remove();
  }
  draw();
  return [box];
}

function field(question, name, changed) {
  if (question.entries.length === 0) return textField(question, name, changed);
  return (question.kind === "order" ? orderField : choiceField)(question, name, changed);
}

function points(question) {
  return question.points === 1 ? words.point : filled(words.points, { points: question.points });
}

function framed(question, number, of, name, extra, ...children) {
  return element(
    "fieldset",
    { "aria-describedby": `${name}-prompt`, "data-question": question.id },
    element("legend", {}, filled(words.question, { number, count: of }) + extra),
    element("div", { id: `${name}-prompt`, html: question.prompt }),
    ...children,
  );
}

function gradedQuestion(question, number, page, name, quiz) {
  const note = element("p", { class: "nbq-note" });
  const changed = (answer) => {
    note.textContent = words.saving;
    quiz.kernel.ask({ type: "answer", question: question.id, answer }, (reply) => {
      const saved = reply.type === "saved";
      note.className = saved ? "nbq-note" : "nbq-note nbq-bad";
      note.textContent = saved
        ? [words.saved, reply.read].filter(Boolean).join("; ")
        : filled(words.not_saved, { why: reply.why });
      if (saved) quiz.receipt(reply);
      else quiz.say(note.textContent, "nbq-bad");
    });
  };
  const extra = `, ${points(question)}`;
  return framed(question, number, page.questions.length, name, extra, ...field(question, name, changed), note);
}

function practiceQuestion(question, number, page, name, quiz) {
  const said = element("div", { role: "status", "aria-live": "polite" });
  const went = element("p", { class: "nbq-note" }, question.went ?? "");
  let answer = null;
  const explain = (reply) => {
    const verdict = reply.problem
      ? ["nbq-notyet", `○ ${reply.problem}`]
      : reply.fraction === null ? ["", `? ${words.compare}`]
      : reply.fraction === 1 ? ["nbq-right", `✓ ${words.right}`]
      : reply.fraction > 0 ? ["nbq-notyet", `◐ ${words.partly}`] : ["nbq-notyet", `○ ${words.not_yet}`];
    const lines = reply.explanations.map(([about, words]) =>
      element("p", { html: about ? `<strong>${about}</strong> ${words}` : words }));
    said.replaceChildren(element("div", { class: "nbq-said" },
      element("strong", { class: verdict[0] }, verdict[1]), ...lines));
    went.textContent = reply.went;
  };
  const ask = () => answer && quiz.kernel.ask({ type: "try", question: question.id, answer }, explain);
  const single = question.kind === "single";
  const changed = (given) => {
    answer = given;
    if (single) ask();
  };
  const fields = field(question, name, changed);
  const buttons = element("p", { class: "nbq-line" });
  if (!single) buttons.append(element("button", { type: "button", onclick: () => setTimeout(ask, 0) }, words.check));
  if (question.again) {
    const again = () => quiz.kernel.ask({ type: "again", question: question.id }, (reply) => {
      const fresh = practiceQuestion({ ...question, ...reply, id: question.id }, number, page, name, quiz);
      box.replaceWith(fresh);
      fresh.querySelector("input, button, textarea")?.focus();
    });
    buttons.append(element("button", { type: "button", onclick: again }, words.new_numbers));
  }
  for (const input of fields) {
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && input.tagName === "INPUT") setTimeout(ask, 0);
    });
  }
  const box = framed(question, number, page.questions.length, name, "", ...fields, buttons, said, went);
  return box;
}

function paperOf(student) {
  const [before, after] = words.paper_of.split("{student}");
  return element("p", {}, before, element("strong", {}, student), after);
}

function askForStudent(quiz) {
  const name = `${quiz.name}-student`;
  const input = element("input", { id: name, type: "text", autocomplete: "username" });
  const begin = () => input.value.trim() &&
    quiz.kernel.ask({ type: "student", answer: input.value }, () => {});
  input.addEventListener("keydown", (event) => event.key === "Enter" && begin());
  return element("div", {},
    element("p", {}, words.whose),
    element("label", { for: name }, words.id), input, " ",
    element("button", { type: "button", onclick: begin }, words.begin));
}

function render({ model, el }) {
  words = model.get("words");
  const name = `nbjudge-quiz-${++instances}`;
  const status = element("p", { role: "status", "aria-live": "polite", class: "nbq-status" });
  const quiz = {
    name,
    say(text, kind = "") {
      status.className = `nbq-status ${kind}`;
      status.textContent = text;
    },
    receipt(state) {
      if (!state.receipt) return quiz.say(filled(words.nothing, { count: state.of }));
      const whole = state.carried === state.receipt
        ? words.carried
        : words.not_carried;
      const numbers = { file: state.file, answered: state.answered, count: state.of };
      quiz.say(`${filled(words.saved_in, { ...numbers, receipt: state.receipt })} ${whole}`);
    },
    draw() {
      const page = model.get("page");
      const title = element("h3", { id: `${name}-title` }, page.title);
      const root = element("section", { class: "nbjudge-quiz", "aria-labelledby": `${name}-title` }, title);
      if (page.mode === "student") root.append(askForStudent(quiz));
      if (page.student) root.append(paperOf(page.student));
      for (const message of page.messages) root.append(element("p", { class: "nbq-notyet" }, message));
      const one = page.mode === "graded" ? gradedQuestion : practiceQuestion;
      page.questions.forEach((question, i) =>
        root.append(one(question, i + 1, page, `${name}-${i}`, quiz)));
      root.append(status);
      el.replaceChildren(root);
      if (page.mode === "graded") quiz.receipt(page);
    },
  };
  quiz.kernel = new Kernel(model, quiz.say);
  // The kernel keeps the page up to date for the next reader; who is at it keeps their focus.
  const whose = () => `${model.get("page").mode} ${model.get("page").student}`;
  let shown = whose();
  const redraw = () => {
    if (shown === whose()) return;
    shown = whose();
    quiz.draw();
  };
  model.on("change:page", redraw);
  const inside = (event) => el.contains(event.target) && letSaveThrough(event);
  window.addEventListener("keydown", inside, true);
  quiz.draw();
  return () => {
    quiz.kernel.close();
    window.removeEventListener("keydown", inside, true);
    model.off("change:page", redraw);
  };
}

export default { render };
