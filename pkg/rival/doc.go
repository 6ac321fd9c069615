// Package rival finds the other updaters that a tree is set up for, and says what each does with certain images.
//
// It knows where Renovate, Dependabot, Flux's image automation, Keel and Argo CD Image Updater keep their configuration, how
// they choose what to update, and what to write so that each leaves an image alone. Where something outside of the tree
// decides (a preset, an object in the cluster) it says that it does not know.
//
// It must not know what the images are, where the places that name them come from, or what becomes of a finding: no network,
// no other file system than the one it is handed.
package rival
