// What the browser code is held to, beyond what the type checker says.
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["static/dist/**", "node_modules/**", ".venv/**"] },
  ...tseslint.configs.strict,
  {
    files: ["static/**/*.{ts,tsx}", "vite.config.ts"],
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "max-lines": ["error", 400],
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
);
