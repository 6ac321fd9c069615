// Package rollout follows a merged release into the cluster: how far it has come, with times, and for what cause it is stuck.
//
// It knows what drift sees of the cluster in one look, and adds up looks. It must not know GitHub, messages, or who looks.
package rollout
