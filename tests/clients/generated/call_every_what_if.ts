// Calls every what-if through openapi-fetch and the types that openapi-typescript made; the compiler
// checks each read. `node call_every_what_if.js ADDRESS EXAMPLES` prints what was read, as JSON;
// EXAMPLES is the JSON text of the bodies.
import createClient from "openapi-fetch";
import type { components, paths } from "./api";

type Schemas = components["schemas"];
type Examples<Body> = Record<string, { value: Body }>;
interface Written {
  notional_sen: Examples<Schemas["NotionalSenRequest"]>;
  top_ups: Examples<Schemas["TopUpsRequest"]>;
  comparison: Examples<Schemas["ComparisonRequest"]>;
  places: Examples<Schemas["PlacesRequest"]>;
  high_needs_block: Examples<Schemas["BlockRequest"]>;
  targeted_funding: Examples<Schemas["TargetedRequest"]>;
  cases: Examples<Schemas["CasesRequest"]>;
}

declare const process: { argv: string[] };

const [address, examples] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: address });
const written: Written = JSON.parse(examples);

function first<Body>(examples: Examples<Body>): Body {
  return Object.values(examples)[0].value;
}

function answered<Answer>(result: { data?: Answer; error?: Schemas["Problems"] }): Answer {
  if (result.data === undefined) throw new Error(JSON.stringify(result.error));
  return result.data;
}

const schools = answered(
  await client.POST("/v1/what-ifs/notional-sen", { body: first(written.notional_sen) }),
).schools;
const topUps = answered(
  await client.POST("/v1/what-ifs/top-ups", { body: first(written.top_ups) }),
);
const comparison = answered(
  await client.POST("/v1/what-ifs/comparison", { body: first(written.comparison) }),
);
const places = answered(await client.POST("/v1/what-ifs/places", { body: first(written.places) }));
const block = answered(
  await client.POST("/v1/what-ifs/high-needs-block", { body: first(written.high_needs_block) }),
);
const targeted = answered(
  await client.POST("/v1/what-ifs/targeted-funding", { body: first(written.targeted_funding) }),
);
const cases = answered(await client.POST("/v1/what-ifs/cases", { body: first(written.cases) }));
const whole = answered(
  await client.GET("/v1/rule-sets/{identifier}", {
    params: { path: { identifier: topUps.rules.rule_set } },
  }),
);
const tariff = await client.GET("/v1/cells/{rule_set}/tariff", {
  params: { path: { rule_set: "telford-and-wrekin-2025-26" }, query: { band: "9" } },
  parseAs: "text",
});
const { error } = await client.POST("/v1/what-ifs/places", {
  body: { rule_set: "none-such", places: [{ la: "202" }], overrides: [] },
});

const compared: Schemas["GroupCompared"] | undefined = comparison.pupils?.total;
console.log(
  JSON.stringify({
    notional_sen: schools[0].notional_sen,
    working: schools[0].explanation?.workings[0].rows[0].operator,
    top_ups: topUps.total.top_up,
    comparison: compared?.change,
    places: places.total,
    high_needs_block: block.total,
    targeted_funding: targeted.total,
    cases: cases.tables[0].different,
    bands: whole.document.band_profile?.bands,
    tariff: tariff.data,
    refused: { type: error?.type, status: error?.status },
  }),
);
