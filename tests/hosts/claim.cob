      *> A host in COBOL for one claim: tables of fixed-length records
      *> go to the subprogram FUSHOCLM and come back from it.
      *> usage: claim CLAIMFILE NUMBER CAPTURE OUTPUT
      *>
      *> FUSHOCLM.so is found in COB_LIBRARY_PATH.  The records stay
      *> CP932; only what is shown here is asked for in UTF-8.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. CLAIM.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT IN-FILE ASSIGN TO IN-NAME
               ORGANIZATION LINE SEQUENTIAL.
           SELECT OUT-FILE ASSIGN TO OUT-NAME
               ORGANIZATION LINE SEQUENTIAL.
       DATA DIVISION.
       FILE SECTION.
       FD  IN-FILE.
       01  IN-LINE                 PIC X(3000).
       FD  OUT-FILE.
       01  OUT-LINE                PIC X(3000).
       WORKING-STORAGE SECTION.
       COPY FUSHOCLM.
       01  IN-NAME                 PIC X(256).
       01  CAPTURE-NAME            PIC X(256).
       01  OUT-NAME                PIC X(256).
       01  WANTED                  PIC 9(06).
       01  CLAIM-NOW               PIC 9(06) VALUE 0.
       01  HEADERS                 PIC 9(06) VALUE 0.
       01  CAPTURE-AT              PIC 9(06) VALUE 1.
       01  I                       PIC 9(06).
       01  SHOWN-WANTED            PIC Z(5)9.
       01  SHOWN-EDITS             PIC Z(5)9.
       01  IN-STATE                PIC X VALUE "M".
           88  IN-END              VALUE "E".
       PROCEDURE DIVISION.
       MAIN-PROGRAM.
           DISPLAY 1 UPON ARGUMENT-NUMBER
           ACCEPT IN-NAME FROM ARGUMENT-VALUE
           DISPLAY 2 UPON ARGUMENT-NUMBER
           ACCEPT WANTED FROM ARGUMENT-VALUE
           DISPLAY 3 UPON ARGUMENT-NUMBER
           ACCEPT CAPTURE-NAME FROM ARGUMENT-VALUE
           DISPLAY 4 UPON ARGUMENT-NUMBER
           ACCEPT OUT-NAME FROM ARGUMENT-VALUE
           PERFORM READ-CLAIM
           PERFORM READ-CAPTURE
           MOVE "UTF-8" TO FCLM-TEXT-CODE
           MOVE "./fusho.so" TO FCLM-PLUGIN
           MOVE "--today=2026-11-09" TO FCLM-OPTIONS
           CALL "FUSHOCLM" USING FUSHOCLM-PARM FUSHOCLM-IN
                                 FUSHOCLM-OUT FUSHOCLM-FINDINGS
           IF FCLM-STATUS < 2
               PERFORM SHOW-CLAIM
           ELSE
               DISPLAY FUNCTION TRIM(FCLM-ERROR-CODE) " "
                       FUNCTION TRIM(FCLM-MESSAGE) " "
                       FUNCTION TRIM(FCLM-HINT) UPON SYSERR
           END-IF
           MOVE FCLM-STATUS TO I
      *> A receipt computer does so once, when it ends.
           MOVE "END" TO FCLM-FUNCTION
           CALL "FUSHOCLM" USING FUSHOCLM-PARM FUSHOCLM-IN
                                 FUSHOCLM-OUT FUSHOCLM-FINDINGS
           MOVE I TO RETURN-CODE
           STOP RUN.

      *> What stands in front of the first RE is the header.
       READ-CLAIM.
           MOVE 0 TO FCLM-IN-COUNT
           OPEN INPUT IN-FILE
           PERFORM UNTIL IN-END
               READ IN-FILE
                   AT END SET IN-END TO TRUE
                   NOT AT END PERFORM TAKE-RECORD
               END-READ
           END-PERFORM
           CLOSE IN-FILE.
       TAKE-RECORD.
           INSPECT IN-LINE REPLACING ALL X"0D" BY SPACE
           EVALUATE IN-LINE(1:3)
               WHEN "RE," ADD 1 TO CLAIM-NOW
               WHEN "GO," MOVE 999999 TO CLAIM-NOW
           END-EVALUATE
           IF CLAIM-NOW = 0 AND HEADERS < 2
               ADD 1 TO HEADERS
               MOVE IN-LINE TO FCLM-HEADER-TEXT(HEADERS)
           END-IF
           IF CLAIM-NOW = WANTED
               ADD 1 TO FCLM-IN-COUNT
               MOVE 0 TO FCLM-IN-LEN(FCLM-IN-COUNT)
               MOVE IN-LINE TO FCLM-IN-TEXT(FCLM-IN-COUNT)
           END-IF.

       READ-CAPTURE.
           MOVE CAPTURE-NAME TO IN-NAME
           MOVE "M" TO IN-STATE
           OPEN INPUT IN-FILE
           PERFORM UNTIL IN-END
               READ IN-FILE
                   AT END SET IN-END TO TRUE
                   NOT AT END
                       STRING FUNCTION TRIM(IN-LINE) X"0A"
                           DELIMITED BY SIZE INTO FCLM-CAPTURE
                           WITH POINTER CAPTURE-AT
               END-READ
           END-PERFORM
           CLOSE IN-FILE
           COMPUTE FCLM-CAPTURE-LEN = CAPTURE-AT - 1.

       SHOW-CLAIM.
           MOVE WANTED TO SHOWN-WANTED
           MOVE FCLM-EDITS TO SHOWN-EDITS
           DISPLAY "claim " FUNCTION TRIM(SHOWN-WANTED) ": route "
                   FCLM-ROUTE ", " FUNCTION TRIM(SHOWN-EDITS) " edits"
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > FCLM-FINDING-COUNT
               DISPLAY FUNCTION TRIM(FCLM-F-CODE(I)) " "
                       FUNCTION TRIM(FCLM-F-MESSAGE(I))
           END-PERFORM
           OPEN OUTPUT OUT-FILE
           PERFORM VARYING I FROM 1 BY 1 UNTIL I > FCLM-OUT-COUNT
               MOVE FCLM-OUT-TEXT(I) TO OUT-LINE
               WRITE OUT-LINE
           END-PERFORM
           CLOSE OUT-FILE.
