// Package dashboard is what a browser sees of bot serve: the list of
// applications and a page for each, as HTML that needs no JavaScript.
//
// It renders values: what is known after a pass (pkg/status) and what the
// branch ran over time (pkg/history). It reads only, and answers GET and HEAD
// alone. It knows who may look (a token, a proxy's header, or whoever is on
// this machine) and what a browser must not be talked into.
//
// It must not know where the values come from: no registry, no GitHub, no git,
// no YAML.
package dashboard
