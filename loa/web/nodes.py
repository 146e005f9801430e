"""The two tags with an inside: `keep` shows a block twice, `wrap` puts a component around it."""

from typing import Any

from django.template import Node, TemplateSyntaxError
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString


class Keep(Node):
    """Keeps what is rendered inside under a name, so a block can be shown twice."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> SafeString:
        """Render once and keep it; show nothing here."""
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return SafeString("")


def keep(parser: Parser, token: Token) -> Keep:
    """{% keep page_title %}{% block title %}{% endblock %}{% endkeep %}"""  # noqa: D400
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return Keep(name, nodelist)


class Wrap(Node):
    """Renders a component around what stands inside; the component shows it as `content`."""

    def __init__(
        self, name: FilterExpression, values: dict[str, FilterExpression], nodelist: NodeList
    ) -> None:
        self.name, self.values, self.nodelist = name, values, nodelist

    def render(self, context: Context) -> SafeString:
        """Render the inside, then the component with it and the given values only."""
        given: dict[str, Any] = {key: value.resolve(context) for key, value in self.values.items()}
        given["content"] = SafeString(self.nodelist.render(context))
        component = context.template.engine.get_template(  # type: ignore[union-attr]
            f"components/{self.name.resolve(context)}.html"
        )
        return component.render(context.new(given))


def wrap(parser: Parser, token: Token) -> Wrap:
    """{% wrap "card" title=_("This week") %} ... {% endwrap %}"""  # noqa: D400
    _tag, name, *rest = token.split_contents()
    values = token_kwargs(rest, parser)
    if rest:
        raise TemplateSyntaxError(f"wrap takes name=value pairs, not {rest[0]!r}.")
    nodelist = parser.parse(("endwrap",))
    parser.delete_first_token()
    return Wrap(parser.compile_filter(name), values, nodelist)
