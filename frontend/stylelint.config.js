const colourFunctions = ["rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color", "light-dark"];
const physical = /^(margin|padding|border)-(left|right|top|bottom)(-.*)?$|^(left|right|top|bottom)$|^(width|height|min-width|max-width|min-height|max-height)$/;

export default {
  extends: ["stylelint-config-standard"],
  rules: {
    "color-no-hex": true,
    "color-named": "never",
    "function-disallowed-list": colourFunctions,
    "property-disallowed-list": [physical],
    "declaration-no-important": true,
    "selector-class-pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
    "custom-property-pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
    "max-nesting-depth": 3,
    "selector-max-id": 0,
    "no-descending-specificity": null,
    "import-notation": "string",
  },
  overrides: [
    {
      // The one place where a colour is written down.
      files: ["styles/tokens.css"],
      rules: { "color-no-hex": null, "function-disallowed-list": null, "color-named": null },
    },
  ],
};
