"""The one error of this package: why a value was not read or not copied. Never carries file contents."""

from __future__ import annotations


class PropertyError(Exception):
    """A value that cannot be read or copied exactly; `str()` is a sentence for people.

    Attributes:
        reason: stable code: `bad-path`, `too-large`, `invalid`, `many-documents`, `not-found`, `not-scalar`,
            `ambiguous`, `alias`, `anchor`, `merge`, `tag`, `no-parent`, `not-exact`.
        filename: the file that the sentence is about, as the caller named it ("" for a path alone).
        path: the JSONPath that was asked for ("" when the file as a whole is at fault).
        line: 1-based line in that file, 0 when there is none.
    """

    def __init__(
        self, reason: str, problem: str, *, filename: str = "", path: str = "", line: int = 0
    ) -> None:
        self.reason = reason
        self.problem = problem
        self.filename = filename
        self.path = path
        self.line = line
        super().__init__(problem)

    def located(self, *, filename: str, path: str, line: int = 0) -> PropertyError:
        """The same error with the place filled in where it was still unknown."""
        return PropertyError(
            self.reason,
            self.problem,
            filename=self.filename or filename,
            path=self.path or path,
            line=self.line or line,
        )

    def __str__(self) -> str:
        place = self.filename
        if self.line:
            place = f"{place} line {self.line}" if place else f"line {self.line}"
        parts = [part for part in (place, self.path) if part]
        return f"{', '.join(parts)}: {self.problem}" if parts else self.problem
