// validate: checks JSON documents against a schema with Ajv, and prints what is wrong, one problem a line.
//
//   node validate.js <folder with node_modules> <schema.json> <document.json>...     a .jsonl document is checked line by line
const fs = require('fs');
const path = require('path');
const [modules, schema, ...documents] = process.argv.slice(2);
const Ajv = require(path.join(modules, 'node_modules/ajv/dist/2020')).default;
const ajv = new Ajv({allErrors: true, strict: false});
require(path.join(modules, 'node_modules/ajv-formats')).default(ajv);
const validate = ajv.compile(JSON.parse(fs.readFileSync(schema, 'utf8')));
for (const name of documents) {
  const text = fs.readFileSync(name, 'utf8');
  const parts = name.endsWith('.jsonl') ? text.split('\n').filter(Boolean) : [text];
  for (const part of parts)
    if (!validate(JSON.parse(part)))
      for (const error of validate.errors) console.log(`${name}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}
