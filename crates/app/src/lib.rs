//! What every entry point shares: who is asking, what they may do, how an answer is given.
//!
//! A handler receives a [`cx::Cx`]: the time, the dice, the proven caller, and the store of the
//! caller's own tenant. Through it things are read and authorised in one step, and a change is
//! committed together with its audit line, its mails and the answer kept for a repeat.
//!
//! Handlers never see a clock, a random source, a cookie or a policy of their own.

pub mod accepting;
mod agreeing;
pub mod answer;
pub mod answering;
mod anyone;
pub mod arrival;
pub mod audit;
pub mod bearer;
pub mod clock;
pub mod closing;
pub mod codes;
pub mod counting;
pub mod cover;
pub mod cx;
pub mod deciding;
pub mod dice;
pub mod entry;
pub mod explain;
pub mod extending;
pub mod extract;
pub mod founding;
pub mod guest;
pub mod house;
pub mod invite;
pub mod keyring;
pub mod library;
pub mod linking;
pub mod links;
pub mod made_password;
pub mod network;
mod newcomer;
pub mod openapi;
mod outsider;
pub mod pages;
pub mod password;
pub mod pictures;
pub mod planning;
pub mod portal;
pub mod preview;
pub mod problem;
pub mod reception;
pub mod repeat;
pub mod resending;
pub mod resetting;
pub mod reviewing;
pub mod room;
pub mod roots;
pub mod route;
pub mod seating;
pub mod sharing;
pub mod sign_in;
pub mod signatures;
pub mod staff;
pub mod start;
pub mod thread;
pub mod token;
pub mod trail;
pub mod trust;
pub mod unseating;
pub mod uploading;
pub mod viewing;
pub mod visitor;
