// GraphiQL with the examples of the repository as tabs. `?query=` opens one more, first.
// Every address is relative to this origin; the page's policy forbids any other.

const asked = new URLSearchParams(location.search).get("query");
const examples = await (await fetch("/graphiql/examples.json")).json();
const tabs = asked === null ? examples : [{ query: asked }, ...examples];

const subscriptions = new URL("/graphql", location.href);
subscriptions.protocol = location.protocol === "https:" ? "wss:" : "ws:";

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: "/graphql", subscriptionUrl: subscriptions.href }),
    defaultTabs: tabs,
    defaultEditorToolsVisibility: false,
    plugins: [GraphiQLPluginExplorer.explorerPlugin()],
  }),
);
