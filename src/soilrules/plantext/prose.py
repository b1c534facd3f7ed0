"""Tasks in running text: one per responsibility bracket, the words since the bracket or heading before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from soilrules.plantext.brackets import Bracket, brackets_of, only_term
from soilrules.plantext.building import EDGE, Stretch, TaskSeed, add_units, mentions
from soilrules.plantext.draft import Heading, Span, TaskOrigin, UnitMention, UnitSource
from soilrules.plantext.headings import SENTENCE_END, Mark, Node, Outline, mark_of
from soilrules.plantext.layout import Para
from soilrules.plantext.lexicon import LABEL, TITLE_END
from soilrules.plantext.listings import LISTING, lists_annexes
from soilrules.plantext.source import Words
from soilrules.plantext.unassigned import Seen
from soilrules.plantext.units import units_in

INLINE_STYLES = ("arabic", "arabic_comma", "bracketed", "arabic_bracketed")
SHORTEST_PLAN_TITLE = 10
LONGEST_HEADING = 60
LONGEST_TITLE = 60
LONGEST_RUN_IN = 30
SHORTEST_REST = 8
HEADED = re.compile(
    "(?P<role>(?:牵头|主办|负责)(?:负责|落实|完成|实施|组织)*)的?(?:重点)?(?:工作)?(?:任务|事项|工作)$"
)  # 某局牵头任务
LONGEST_PERSON = 40
LAST_BRACKET = re.compile("（(?P<inner>[^（）]{2,30})）$")
PERSON_LINE = re.compile("\n(?:责任|牵头|分管|包联|负责)(?:领导|人)：[^。；\n]{1,30}$")
STOP = re.compile(f"[{SENTENCE_END}]")
DIVISION = re.compile("(?:责任|职责|任务|工作)分工$|(?:责任|牵头|配合|实施|负责)(?:单位|部门)$|组织分工$")
OPEN_END = "，、：\n"
TITLE_STOP = re.compile("[。！？：]")


def heads_all(text: str) -> bool:
    """Whether a heading is the title of the plan or of its notice and not of a part of it."""
    titled = TITLE_END.search(text) is not None or text.endswith("通知")
    return len(text) >= SHORTEST_PLAN_TITLE and titled


@dataclass
class Clause:
    """A universal clause with the tasks read before it."""

    text: Stretch
    units: list[UnitMention]
    first_task: int
    part: int


@dataclass
class Prose:
    """Reads paragraphs one after the other; tasks gather in `seeds`."""

    words: Words
    seeds: list[TaskSeed] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    outline: Outline = field(default_factory=Outline)
    unbalanced: list[Stretch] = field(default_factory=list)
    part_titles: list[Stretch] = field(default_factory=list)  # where a further plan begins
    roots: tuple[str, ...] = ()
    part: int = 0
    pending: int | None = None  # where the words of the next task begin
    pending_title: Stretch | None = None
    bracket_end: int = -1  # where the last responsibility bracket ended
    waiting: TaskSeed | None = None  # a task whose bracket stands in its heading: its words follow
    waiting_node: Node | None = None
    item_depth: int = 0  # how deep items stand that have lines of units of their own
    pending_terms: list[Stretch] = field(default_factory=list)  # terms on a line before the units
    annexes: set[int] = field(default_factory=set)  # lines of the list of annexes
    pending_lines: Stretch | None = None  # those lines, where nothing stands between them
    listing: Node | None = None  # the item whose measures are listed below it, before the lines that say who
    seen: list[Seen] = field(default_factory=list)  # every paragraph with the headings it stands under
    spoken: list[Stretch] = field(default_factory=list)  # brackets and lines that say who or by when

    def begin_part(self, root: str) -> None:
        """A new plan or annex: a new outline."""
        self.part += 1
        self.roots = (root,) if root else ()
        self.outline = Outline()
        self.item_depth = 0
        self._drop()

    def open_headings(self) -> tuple[str, ...]:
        """The headings open here, outermost first, with the annex they stand in."""
        return (*self.roots, *(self._heading_text(node) for node in self.outline.open if node.whole))

    def paragraph(self, para: Para) -> None:
        """Read one paragraph."""
        brackets = brackets_of(self.words, para.start, para.end)
        at = self._open_heading(para, brackets)
        self.seen.append(Seen(para, at, tuple(self.outline.open), self.open_headings(), self.part))
        self.spoken += [(bracket.start, bracket.end) for bracket in brackets]
        if self.pending is None and at < para.end:
            self.pending = at
        for bracket in brackets:
            if bracket.opens:
                self._opened(bracket, para, at)
            elif bracket.units or bracket.clause:
                self._bracket(bracket, para)
            else:
                self._term_line(bracket)
        if len(brackets) == 1:
            self._text_behind(brackets[0], para)
        if self.waiting and not brackets and (at < para.end or self.waiting_node not in self.outline.open[-1:]):
            begin = para.start if self.waiting.text == self.waiting.title else self.waiting.text[0]
            self.waiting.text = (begin, para.end)

    def _text_behind(self, bracket: Bracket, para: Para) -> None:
        """`（一）完成详查（甲局牵头）。2018年底前，…`: a bracket behind a mere heading speaks for the words behind it."""
        node = self.outline.open[-1] if self.outline.open else None
        seed = self.seeds[-1] if self.seeds else None
        rest = self.words.strip(bracket.end, para.end, EDGE)[0], para.end
        if not (
            node
            and seed
            and seed.number
            and seed.text[0] == node.body
            and seed.text[1] <= bracket.start
            and rest[1] - rest[0] > SHORTEST_REST
            and not TITLE_STOP.search(self.words.fold, *seed.text)
        ):
            return
        seed.title, seed.text, seed.body = seed.text, rest, 0
        self.pending = para.end

    def _drop(self) -> None:
        self.pending, self.pending_title, self.pending_terms, self.pending_lines = None, None, [], None
        if self.waiting_node not in self.outline.open:
            self.waiting, self.waiting_node = None, None

    def _term_line(self, bracket: Bracket) -> None:
        """A bracket or line that only states a term: it belongs to the task before it, or to the one to come."""
        terms = self._labelled_terms(bracket)
        if self.waiting and self.waiting_node in self.outline.open[-1:]:
            self.waiting.terms.extend(terms)
            return
        start = self.pending if self.pending is not None else bracket.start
        text = self.words.strip(start, bracket.start, EDGE)
        node = self.outline.open[-1] if self.outline.open else None
        if text[0] < text[1] or not self.seeds or (node and node.number and not node.used):
            self.pending_terms.extend(terms)
            begin, last = self.pending_lines or (bracket.start, bracket.start)
            between = self.words.strip(last, bracket.start, EDGE)
            self.pending_lines = (begin if between[0] >= between[1] else bracket.start, bracket.end)
        else:
            self.seeds[-1].terms.extend(terms)
            self.pending = bracket.end

    def _open_heading(self, para: Para, brackets: list[Bracket]) -> int:
        """Open the heading a paragraph begins with; returns where its own words begin."""
        words = self.words
        mark = mark_of(words.fold, para.start, para.end, words.printed)
        own = self._no_heading(para, mark, brackets)
        if own is not None:
            return own
        body = para.start + (mark.length if mark else 0)
        number = mark.number if mark else para.numbering.rstrip("、.")
        first = brackets[0].start if brackets else para.end
        stop = TITLE_STOP.search(words.fold, body, first)
        title_end = stop.start() if stop else first
        whole = (stop is None or (stop[0] == "。" and stop.end() >= para.end)) and title_end - body <= LONGEST_HEADING
        style = mark.style if mark else f"numbering{len(number)}" if number else f"level{para.level}"
        node = Node(style, para.start, body, title_end, number)
        node.whole, node.sentence = whole, whole and stop is not None
        if whole and DIVISION.match(words.fold[body:title_end].rstrip("：")):
            return self._divide(node, para)
        self.outline.enter(node, None if mark else para.level)
        if len(self.outline.open) > 1:
            parent = self.outline.open[-2]
            parent.kids += 1
            parent.content = parent.content if parent.content is not None else para.start
        self._drop()
        span = words.spans(para.start, title_end)
        if span and title_end - body <= LONGEST_TITLE:
            place = Span(span[0].start, span[-1].end)
            self.headings.append(Heading(len(self.outline.open), self._heading_text(node), place))
        if whole:
            self.pending_title = (body, title_end)
            return para.end if not brackets or first == para.end else body
        return body

    def _no_heading(self, para: Para, mark: Mark | None, brackets: list[Bracket]) -> int | None:
        """Where the words of a paragraph begin that opens no heading of the outline; None where it opens one."""
        fold, node = self.words.fold, self.outline.open[-1] if self.outline.open else None
        if not mark and not para.numbering and para.level is None:
            if node and node.content is None:
                node.content = para.start
                if len(self.outline.open) > 1:
                    self.outline.open[-2].worded += 1
            if node and node.number and LISTING.fullmatch(fold, para.start, para.end):
                self.listing = node
            return para.start
        if mark and node and node is self.listing and not brackets and self.outline.has_no(mark.style):
            return para.start
        if not mark and not para.numbering and heads_all(fold[para.start : para.end]):
            self.outline = Outline()
            self._drop()
            return para.end
        before = self.seen[-1].para if self.seen else para
        if mark and mark.style in INLINE_STYLES and lists_annexes(fold, before, para, self.annexes):
            self.annexes.add(para.start)
            return para.end
        return None

    def _divide(self, node: Node, para: Para) -> int:
        """`（二）责任分工` is no heading of a task: what stands under it speaks for all above it."""
        self.outline.enter(node)
        self.outline.open.pop()
        self.pending_terms = []
        if self.outline.open:
            parent = self.outline.open[-1]
            self.pending = parent.content if parent.content is not None else para.start
            self.pending_title = (parent.body, parent.title_end) if parent.whole else None
        return para.end

    def _governs_all(self, bracket: Bracket, para: Para) -> None:
        """Units on a paragraph of their own behind several items without units speak for all the items."""
        if bracket.start != para.start or len(self.outline.open) < 2:
            return
        node, parent = self.outline.open[-1], self.outline.open[-2]
        if node.number and not node.used and parent.kids == 1:
            self.item_depth = max(self.item_depth, len(self.outline.open))
        if len(self.outline.open) <= self.item_depth or _of_its_own_heading(node, parent, para):
            return
        last = self.seeds[-1].start if self.seeds else -1
        if parent.kids > 1 and parent.whole and not parent.used and last < parent.start and parent.content is not None:
            self.outline.open.pop()
            self.pending = parent.content
            self.pending_title = (parent.body, parent.title_end)

    def _heading_text(self, node: Node) -> str:
        text = self.words.printed[node.start : min(node.title_end, node.body + LONGEST_TITLE)]
        return text if text.startswith(node.number) else node.number + text

    def _bracket(self, bracket: Bracket, para: Para) -> None:
        words = self.words
        self._governs_all(bracket, para)
        start = self.pending if self.pending is not None else para.start
        start = self._inline_item(start, bracket.start)
        text = (words.strip(start, bracket.start, EDGE)[0], words.strip(start, bracket.start, OPEN_END)[1])
        person = PERSON_LINE.search(words.fold, max(text[0], text[1] - LONGEST_PERSON), text[1])
        if person:
            text = (text[0], words.strip(text[0], person.start(), OPEN_END)[1])
        lines = self.pending_lines
        if lines and lines[0] < text[1] <= words.strip(*lines, EDGE)[1]:
            text = (text[0], words.strip(text[0], max(*text[:1], lines[0]), OPEN_END)[1])
        if self._under_a_title(text):
            self.pending = bracket.end
            return
        units = mentions(words, bracket.units, UnitSource.BRACKET)
        if not bracket.balanced:
            self.unbalanced.append((bracket.start, bracket.end))
        if text[0] >= text[1] or self._follows(bracket, text):
            self._join(bracket, units)
        else:
            self._task(bracket, text, para)
            add_units(self.seeds[-1], units)
            self._units_of_heading(self.seeds[-1])
        if bracket.clause and bracket.clause_units and self.seeds:
            clause_units = mentions(words, bracket.clause_units, UnitSource.UNIVERSAL, bracket.clause)
            self.clauses.append(Clause(bracket.clause, clause_units, len(self.seeds) - 1, self.part))
            if not {unit.role for unit in clause_units} & {unit.role for unit in units}:
                add_units(self.seeds[-1], clause_units)
        self.bracket_end = self.pending = bracket.end
        self.pending_title = None

    def _inline_item(self, start: int, end: int) -> int:
        """`（甲局负责）2.推进…（乙局负责）`: an item that begins behind a bracket opens like one at a line's start."""
        words = self.words
        start = words.strip(start, end, EDGE)[0]
        mark = mark_of(words.fold, start, end, words.printed) if start and start == self.bracket_end else None
        if mark is None or mark.style not in INLINE_STYLES:
            return start
        body = start + mark.length
        stop = TITLE_STOP.search(words.fold, body, end)
        self.outline.enter(Node(mark.style, start, body, stop.start() if stop else end, mark.number))
        return body

    def _under_a_title(self, text: Stretch) -> bool:
        """`牵头单位：某局` right below the plan's title says who keeps the list; it is no task."""
        fold = self.words.fold[slice(*text)]
        return (
            not self.outline.open
            and not self.seeds
            and len(fold) <= LONGEST_HEADING
            and not any(char in fold for char in "。；，")
            and TITLE_END.search(fold) is not None
        )

    def _follows(self, bracket: Bracket, text: Stretch) -> bool:
        """Nothing but a term in brackets between two brackets."""
        return bool(self.seeds) and self.bracket_end == text[0] - 1 and only_term(self.words.fold, *text)

    def _join(self, bracket: Bracket, units: list[UnitMention]) -> None:
        """A bracket with no words of its own belongs to the task before it."""
        if not self.seeds or self.pending_title:
            if self.pending_title:
                self._heading_task(bracket, units)
            return
        add_units(self.seeds[-1], units)
        self.seeds[-1].terms.extend(self._labelled_terms(bracket))

    def _heading_task(self, bracket: Bracket, units: list[UnitMention]) -> None:
        """`1.加强监测（甲局牵头）`: the heading is the task's title, what follows is its text."""
        title = self.pending_title
        if title is None or title[0] >= title[1]:
            return
        self._task(bracket, title, None)
        seed = self.seeds[-1]
        seed.title = title
        if self.outline.open and self.outline.open[-1].sentence:
            seed.title, seed.text = None, (title[0], title[1] + 1)
        add_units(seed, units)
        self.waiting, self.waiting_node = seed, self.outline.open[-1]

    def _task(self, bracket: Bracket, text: Stretch, para: Para | None) -> None:
        node = self.outline.open[-1] if self.outline.open else None
        first = node is not None and not node.used and bool(node.number)
        terms = [*self.pending_terms, *self._labelled_terms(bracket)]
        seed = TaskSeed(text, TaskOrigin.BODY, self.part, text[0], terms=terms)
        self.pending_terms, self.pending_lines, self.waiting, self.waiting_node = [], None, None, None
        enclosing = self.outline.open
        if first and node:
            seed.number, seed.style, seed.start = node.number, node.style, min(node.start, text[0])
            seed.start = text[0]
            enclosing = enclosing[:-1]
            seed.parent_number = next((other.number for other in reversed(enclosing) if other.number), "")
        if node:
            node.used = True
        seed.section = (*self.roots, *(self._heading_text(other) for other in enclosing))
        if self.pending_title and first:
            seed.title = self.pending_title
            inner = LAST_BRACKET.search(self.words.fold, *seed.title)
            seed.outer_terms = [inner.span("inner")] if inner else []
            if text == self.pending_title:
                self.waiting, self.waiting_node = seed, node
        else:
            self._run_in_title(seed, bool(first))
        self.seeds.append(seed)

    def _units_of_heading(self, seed: TaskSeed) -> None:
        """`（一）某局牵头任务`: who leads what stands below, unless an item names another."""
        for node in reversed(self.outline.open):
            owner = HEADED.search(self.words.fold, node.body, node.title_end) if node.whole else None
            if owner:
                units = units_in(self.words, node.body, owner.end("role"))
                if not {unit.role for unit in units} & {unit.role for unit in seed.units}:
                    seed.units[:0] = mentions(self.words, units, UnitSource.SECTION, (node.body, node.title_end))
                return

    def _run_in_title(self, seed: TaskSeed, numbered: bool) -> None:
        """The first sentence is a title where more text follows and it is short."""
        fold, (start, end) = self.words.fold, seed.text
        stop = TITLE_STOP.search(fold, start, end)
        if not stop or stop.end() >= end:
            return
        title = fold[start : stop.start()]
        if len(title) > (LONGEST_TITLE if numbered else LONGEST_RUN_IN) or ("，" in title and not numbered):
            return
        if LABEL.match(fold, start):
            return
        seed.title, seed.body = (start, stop.start()), stop.end() - start

    def _opened(self, bracket: Bracket, para: Para, at: int) -> None:
        """`甲局牵头，乙局配合，在编制规划时…`: who does it stands before the words, behind a title or nothing."""
        text = self.words.strip(bracket.end, para.end, EDGE)[0], self.words.strip(at, para.end, OPEN_END)[1]
        title = self.words.strip(at, bracket.start, EDGE)
        self._task(bracket, text, para)
        seed = self.seeds[-1]
        if title[0] < title[1]:
            seed.title, seed.body = title, 0
        add_units(seed, mentions(self.words, bracket.units, UnitSource.SENTENCE))
        self.bracket_end = self.pending = para.end
        self.pending_title = None

    def _labelled_terms(self, bracket: Bracket) -> list[Stretch]:
        """Where the bracket states terms: behind a label, or anywhere in it."""
        fold, (start, end) = self.words.fold, bracket.inner
        labels = list(LABEL.finditer(fold, start, end))
        for number, match in enumerate(labels):
            if match.lastgroup == "deadline":
                return [(match.end(), labels[number + 1].start() if number + 1 < len(labels) else end)]
        return [(start, bracket.clause[0] if bracket.clause else end)]


def _of_its_own_heading(node: Node, parent: Node, para: Para) -> bool:
    """`3.加强管理`, then `牵头单位：甲局`: where the items before have words below their headings, it speaks for this one."""
    return node.whole and node.content == para.start and parent.worded > 1
